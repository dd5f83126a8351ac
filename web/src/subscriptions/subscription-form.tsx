import { Accordion, Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { DryRun } from '../dry-run/dry-run.js';
import { EventTypePicker } from '../event-types/event-type-picker.js';
import { useEventTypes } from '../event-types/event-types.js';
import type { FilterRules } from '../filters/engine.js';
import { FilterField, type WrittenFilter } from '../filters/filter-field.js';
import { samplePaths } from '../filters/sample-paths.js';
import { TryOut } from '../filters/try-out.js';
import { useProblemForm } from '../form/problem-form.js';
import { SidePanel } from '../panel/side-panel.js';
import { afterSave } from '../panel/unsaved-guard.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { subscriptionsChanged, type Subscription } from './subscriptions.js';
import { WebhookSelect } from './webhook-select.js';

type Fields = Schema<'NewSubscription'>;

/** A panel to make a subscription, or to change one: which event types, under which rules, go to which webhook. */
export function SubscriptionForm({
  title,
  initial,
  subscription,
  remove,
  onDirty,
  save,
}: {
  title: string;
  /** What the form begins with where there is no subscription yet. */
  initial?: { eventTypes: string[]; webhookId: string };
  subscription?: Subscription;
  /** The button that deletes it. */
  remove?: ReactNode;
  onDirty?: (isDirty: boolean) => void;
  /** Calls the API, and gives the id. */
  save: (fields: Fields) => Promise<string>;
}): ReactNode {
  const to = useLinks();
  const navigate = useNavigate();
  const { search } = useLocation();
  const before = (subscription?.filter ?? null) as FilterRules | null;
  const [isTried, setTried] = useState(false);
  const form = useProblemForm({
    initialValues: {
      name: subscription?.name ?? '',
      eventTypes: subscription?.eventTypes ?? initial?.eventTypes ?? [],
      webhookId: subscription?.webhookId ?? initial?.webhookId ?? '',
      active: subscription?.active ?? true,
      filter: written(before),
    },
    validate: {
      eventTypes: (names) => (names.length === 0 ? 'Choose at least one event type' : null),
      webhookId: (id) => (id === '' ? 'Choose the webhook that these events go to' : null),
      filter: ({ fault }) => fault,
    },
  });
  const { name, eventTypes, webhookId, active, filter } = form.getValues();
  const { rows } = useEventTypes();
  const chosen = rows.filter((type) => eventTypes.includes(type.name));
  const isDirty = form.isDirty();
  useEffect(() => onDirty?.(isDirty), [isDirty, onDirty]);
  const fields: Fields = {
    name: name.trim() === '' ? null : name.trim(),
    eventTypes,
    webhookId,
    active,
    filter: filter.rules,
  };
  const submit = form.submit(async () => {
    const id = await save(fields);
    form.resetDirty();
    await navigate(to('subscriptions', id) + search, afterSave);
    await subscriptionsChanged();
  });
  return (
    <form
      onSubmit={(event) => {
        setTried(true);
        void submit(event);
      }}
      noValidate
      style={{ display: 'contents' }}
    >
      <SidePanel
        title={title}
        closeTo={to('subscriptions')}
        isDirty={isDirty}
        footer={
          <Group justify="space-between">
            {remove ?? <span />}
            <Button type="submit" loading={form.submitting} disabled={Boolean(subscription) && !isDirty}>
              {subscription ? 'Save' : 'Subscribe'}
            </Button>
          </Group>
        }
      >
        <Stack gap="lg">
          {form.problem ? <ProblemNotice error={form.problem} /> : null}
          <TextInput
            label="Name"
            placeholder="Urgent deliveries"
            maxLength={200}
            {...form.getInputProps('name')}
          />
          <Switch
            label="Takes events"
            description="Off: events pass it by, and are not made up for later."
            checked={active}
            onChange={(event) => form.setFieldValue('active', event.currentTarget.checked)}
          />
          <EventTypePicker
            value={eventTypes}
            onChange={(names) => form.setFieldValue('eventTypes', names)}
            error={errorUnder(form.errors, 'eventTypes')}
          />
          <WebhookSelect
            value={webhookId}
            onChange={(id) => form.setFieldValue('webhookId', id)}
            error={form.errors['webhookId']}
          />
          <FilterField
            initial={before}
            paths={samplePaths(chosen)}
            showFaults={isTried}
            error={errorUnder(form.errors, 'filter')}
            onChange={(next) => form.setFieldValue('filter', next)}
          />
          <Accordion variant="separated" chevronPosition="left" order={3} multiple>
            <Accordion.Item value="try">
              <Accordion.Control>Try it on a sample</Accordion.Control>
              <Accordion.Panel>
                <TryOut filter={filter} types={chosen} />
              </Accordion.Panel>
            </Accordion.Item>
          </Accordion>
          <DryRun {...dryRunOf(fields, filter, subscription)} />
        </Stack>
      </SidePanel>
    </form>
  );
}

function written(rules: FilterRules | null): WrittenFilter {
  return { rules, fault: null };
}

/** The first error of a field or of what is within it. */
function errorUnder(errors: Record<string, ReactNode>, field: string): ReactNode {
  return Object.entries(errors).find(([path]) => path.split('.')[0] === field)?.[1];
}

/** What a dry run is given: the changes of a subscription, or a new one; nothing as long as there is nothing to try. */
function dryRunOf(
  { eventTypes, webhookId, active, filter }: Fields,
  { fault }: WrittenFilter,
  subscription: Subscription | undefined,
): { body: Schema<'NewDryRun'> | undefined; why?: string } {
  if (eventTypes.length === 0) return { body: undefined, why: 'Choose event types first.' };
  if (fault !== null) return { body: undefined, why: 'Complete the filter first.' };
  const tried = { eventTypes, filter: filter ?? null };
  if (subscription?.webhookId === webhookId) {
    return { body: { subscriptionId: subscription.id, ...tried, active: active ?? true } };
  }
  return { body: { ...tried, ...(webhookId === '' ? {} : { webhookId }), active: active ?? true } };
}
