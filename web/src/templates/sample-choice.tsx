import { Select, SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { timeText } from '../show/time.js';
import { inGroups } from '../webhooks/event-type-select.js';
import type { Sample } from './sample.js';

const itself = 'sample';

/** Which event a template is tried on: the sample of a type, or one that was published lately. */
export function SampleChoice({
  sample,
  children,
}: {
  sample: Sample;
  /** A field that stands beside them. */
  children?: ReactNode;
}): ReactNode {
  const { types, subscribed, eventType, events, eventId, choose } = sample;
  const hasSample = (types.find(({ name }) => name === eventType)?.samplePayload ?? null) !== null;
  return (
    <SimpleGrid cols={{ base: 2, xs: children === undefined ? 2 : 3 }} spacing="sm">
      <Select
        label="Event type"
        searchable
        allowDeselect={false}
        data={inGroups(types, { group: 'Lead to this webhook', names: subscribed })}
        value={eventType ?? null}
        onChange={(name) => choose({ eventType: name ?? undefined, eventId: null })}
        placeholder={types.length === 0 ? 'None yet' : ''}
      />
      <Select
        label="With the data of"
        allowDeselect={false}
        data={[
          { value: itself, label: hasSample ? 'its sample' : 'its sample (has none)' },
          ...(events.length === 0
            ? []
            : [
                {
                  group: 'Recent events',
                  items: events.map(({ id, createdAt, correlationId }) => ({
                    value: id,
                    label: `${timeText(createdAt)} · ${correlationId ?? id}`,
                  })),
                },
              ]),
        ]}
        value={eventId ?? itself}
        onChange={(id) => choose({ eventType, eventId: id === itself ? null : id })}
      />
      {children}
    </SimpleGrid>
  );
}
