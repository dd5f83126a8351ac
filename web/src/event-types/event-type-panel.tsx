import { Anchor, Badge, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPencil, IconSend } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf, ifMatch, revisionOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { DeleteButton } from '../panel/delete-button.js';
import { SidePanel } from '../panel/side-panel.js';
import { useMay } from '../session/session.js';
import { CopyText } from '../show/copy-text.js';
import { JsonView } from '../show/json-view.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Time } from '../show/time.js';

/** One event type: what it means, its sample and schema, who subscribes to it. */
export function Component(): ReactNode {
  const { name = '' } = useParams();
  const to = useLinks();
  const { search } = useLocation();
  const may = useMay();
  const { data, error } = useQuery({
    queryKey: keyOf('event-types', 'one', name),
    queryFn: async ({ signal }) =>
      revisionOf(api.GET('/v1/event-types/{name}', { params: { path: { name } }, signal })),
  });
  const footer = (
    <Group justify="space-between">
      {data && may('configure') ? <Delete name={name} etag={data.etag} /> : <span />}
      <Group gap="sm">
        {may('configure') ? (
          <Button
            component={Link}
            to={to('event-types', name, 'edit') + search}
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden />}
          >
            Edit
          </Button>
        ) : null}
        {may('publish') ? (
          <Button
            component={Link}
            to={to('event-types', name, 'publish') + search}
            leftSection={<IconSend size={16} aria-hidden />}
          >
            Publish an event
          </Button>
        ) : null}
      </Group>
    </Group>
  );
  return (
    <SidePanel key={name} title={name} closeTo={to('event-types')} {...(data ? { footer } : {})}>
      {error ? <ProblemNotice error={error} /> : null}
      {!data && !error ? <Loader size="sm" /> : null}
      {data ? (
        <Stack gap="lg">
          <div>
            <Group gap="sm">
              <CopyText text={name} what="Name" />
              {data.data.category === null ? null : (
                <Badge variant="default" radius="sm" tt="none" fw={500}>
                  {data.data.category}
                </Badge>
              )}
            </Group>
            {data.data.label === null ? null : (
              <Text fw={600} mt="xs">
                {data.data.label}
              </Text>
            )}
            {data.data.description === null ? null : (
              <Text style={{ whiteSpace: 'pre-wrap' }}>{data.data.description}</Text>
            )}
            <Text size="sm" c="dimmed" mt="xs">
              Changed <Time at={data.data.updatedAt} />
            </Text>
          </div>
          <Section title="Subscriptions">
            <Subscriptions name={name} />
          </Section>
          <Section title="Sample payload">
            <JsonOr value={data.data.samplePayload} label="Sample payload">
              It has none: a test or a published event starts empty.
            </JsonOr>
          </Section>
          <Section title="Schema">
            <JsonOr value={data.data.schema} label="Schema">
              It has none: events of this type may have any data.
            </JsonOr>
          </Section>
        </Stack>
      ) : null}
    </SidePanel>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <Title order={3} fz={15} mb={6}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function JsonOr({
  value,
  label,
  children,
}: {
  value: unknown;
  label: string;
  children: ReactNode;
}): ReactNode {
  if (value !== null) return <JsonView value={value} label={label} />;
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

function Subscriptions({ name }: { name: string }): ReactNode {
  const to = useLinks();
  const { data, error } = useQuery({
    queryKey: keyOf('subscriptions', 'of-event-type', name),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/subscriptions', { params: { query: { eventType: name, limit: 5 } }, signal })),
  });
  if (error) return <ProblemNotice error={error} />;
  if (!data) return null;
  const address = `${to('subscriptions')}?eventType=${encodeURIComponent(name)}`;
  return (
    <Stack gap={4} align="flex-start">
      {data.data.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: events of this type go nowhere yet.
        </Text>
      ) : null}
      {data.data.map((subscription) => (
        <Anchor key={subscription.id} component={Link} size="sm" to={to('subscriptions', subscription.id)}>
          {subscription.name ?? subscription.id}
          {subscription.active ? '' : ' (off)'}
        </Anchor>
      ))}
      {data.nextCursor === null ? null : (
        <Anchor component={Link} size="sm" to={address}>
          All subscriptions
        </Anchor>
      )}
    </Stack>
  );
}

function Delete({ name, etag }: { name: string; etag: string }): ReactNode {
  const to = useLinks();
  return (
    <DeleteButton
      question={`Delete ${name}?`}
      detail="Events of this type can no longer be published. Those that were stay."
      call={async () =>
        api.DELETE('/v1/event-types/{name}', { params: { path: { name } }, headers: ifMatch(etag) })
      }
      leaveTo={to('event-types')}
      itself={['one', 'edit', 'publish'].map((view) => ['event-types', view, name])}
      lists={['event-types']}
    />
  );
}
