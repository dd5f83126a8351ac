import { Anchor, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { errorUnder } from '../form/error-under.js';
import { useEventTypes } from '../event-types/event-types.js';
import { EventTypeSelect } from './event-type-select.js';
import type { WebhookForm } from './webhook-form.js';

/** Which events a new webhook is for; where there are none yet, a catalogue to begin with. */
export function NewEventTypes({
  form,
  isLater,
  onLater,
}: {
  form: WebhookForm;
  isLater: boolean;
  onLater: (isLater: boolean) => void;
}): ReactNode {
  const { rows: types, isLoading } = useEventTypes();
  const { eventTypes } = form.getValues();
  const set = (chosen: string[]): void => {
    form.setFieldValue('eventTypes', chosen);
    form.clearFieldError('eventTypes');
  };
  return (
    <Stack gap="xs">
      {!isLoading && types.length === 0 ? <Catalogues /> : null}
      <EventTypeSelect
        label="Event types"
        withAsterisk={!isLater}
        description="What makes it fire. A filter can be added later, under Subscriptions."
        placeholder={eventTypes.length === 0 ? 'Choose one or many' : ''}
        disabled={isLater || types.length === 0}
        types={types}
        value={eventTypes}
        onChange={set}
        error={errorUnder(form.errors, 'eventTypes')}
        data-path="eventTypes"
      />
      <Checkbox
        label="Subscribe it later"
        checked={isLater}
        onChange={(event) => {
          onLater(event.currentTarget.checked);
          set([]);
        }}
      />
    </Stack>
  );
}

function Catalogues(): ReactNode {
  const to = useLinks();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: keyOf('catalogues'),
    queryFn: async ({ signal }) => dataOf(api.GET('/v1/catalogues', { signal })),
  });
  const take = useMutation({
    mutationFn: async (name: string) =>
      dataOf(api.POST('/v1/catalogues/{name}/import', { params: { path: { name } } })),
    onSuccess: async () => queries.invalidateQueries({ queryKey: keyOf('event-types') }),
  });
  return (
    <Stack gap="xs">
      <Text size="sm">
        There are no event types yet. Begin with a catalogue, or{' '}
        <Anchor component={Link} to={to('event-types')} inherit>
          make your own
        </Anchor>
        :
      </Text>
      <Group gap="xs">
        {(data?.data ?? []).map(({ name, label }) => (
          <Button
            key={name}
            size="xs"
            variant="light"
            disabled={take.isPending}
            loading={take.isPending && take.variables === name}
            onClick={() => take.mutate(name)}
          >
            Import {label}
          </Button>
        ))}
      </Group>
      {take.error ? <ProblemNotice error={take.error} /> : null}
    </Stack>
  );
}
