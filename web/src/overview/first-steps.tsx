import { Button, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { useMay } from '../session/session.js';
import classes from './overview.module.css';

/** One of the first steps. */
export interface Step {
  title: string;
  detail: string;
  action: string;
  path: readonly string[];
  isDone: boolean;
}

const pollMs = 5_000;

/** What makes a new environment deliver its first event; undefined once it has. `hasEvents`: whether the overview knows of one. */
export function useFirstSteps(hasEvents: boolean | undefined): readonly Step[] | undefined {
  const may = useMay();
  const { data } = useQuery({
    queryKey: keyOf('first-steps'),
    queryFn: async ({ signal }) => {
      const first = { params: { query: { limit: 1 } }, signal };
      const [webhooks, types, subscriptions, events] = await Promise.all([
        dataOf(api.GET('/v1/webhooks', first)),
        dataOf(api.GET('/v1/event-types', first)),
        dataOf(api.GET('/v1/subscriptions', first)),
        dataOf(api.GET('/v1/events', first)),
      ]);
      return {
        webhooks: webhooks.data.length > 0,
        hasTypes: types.data.length > 0,
        // One that goes somewhere, where there is one.
        type: subscriptions.data[0]?.eventTypes[0] ?? types.data[0]?.name,
        events: events.data.length > 0,
      };
    },
    enabled: may('configure') && hasEvents === false,
    refetchInterval: pollMs,
    // Who comes back has done a step in between.
    gcTime: 0,
  });
  if (!data || data.events || hasEvents !== false) return undefined;
  return [
    {
      title: 'Say what can happen',
      detail: 'Event types name what your service tells others: take a ready catalogue, or make your own.',
      action: 'Add event types',
      path: ['event-types', 'import'],
      isDone: data.hasTypes,
    },
    {
      title: 'Make a webhook',
      detail: 'The URL that is told, and of which events. No receiver yet? A test URL shows what arrives.',
      action: 'New webhook',
      path: ['webhooks', 'new'],
      isDone: data.webhooks,
    },
    {
      title: 'Publish an event',
      detail: 'From a sample, here. Your service does the same with one call of the API.',
      action: 'Publish an event',
      path: data.type === undefined ? ['event-types'] : ['event-types', data.type, 'publish'],
      isDone: false,
    },
  ];
}

/** Leads through the first steps. */
export function FirstSteps({ steps }: { steps: readonly Step[] }): ReactNode {
  const to = useLinks();
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <section className={classes['card']} aria-label="First steps">
      <Title order={2} fz={18}>
        Deliver your first event
      </Title>
      <ol className={classes['steps']}>
        {steps.map(({ title, detail, action, path, isDone }, index) => (
          <li key={title} data-done={isDone || undefined}>
            <span className={classes['mark']} aria-hidden>
              {isDone ? <IconCheck size={16} /> : index + 1}
            </span>
            <div>
              <Text fw={600}>
                {title}
                {isDone ? (
                  <Text span c="dimmed" fw={400}>
                    {' '}
                    – done
                  </Text>
                ) : null}
              </Text>
              <Text size="sm" c="dimmed">
                {detail}
              </Text>
            </div>
            <Button
              component={Link}
              to={to(...path)}
              variant={index === next ? 'filled' : 'default'}
              className={classes['do'] ?? ''}
            >
              {action}
            </Button>
          </li>
        ))}
      </ol>
    </section>
  );
}
