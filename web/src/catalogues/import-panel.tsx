import { Accordion, Badge, Button, Group, List, Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconCheck, IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useEventTypes } from '../event-types/event-types.js';
import { SidePanel } from '../panel/side-panel.js';
import { notify } from '../shell/dialogs.js';
import { ProblemNotice } from '../show/problem-notice.js';

/** The packs of event types that come with Postrider: what is in each, and what of it is not here yet. */
export function Component(): ReactNode {
  const to = useLinks();
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('catalogues'),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/catalogues', { params: { query: { limit: 200 } }, signal })),
    staleTime: Infinity,
  });
  const types = useEventTypes();
  const here = new Set(types.rows.map(({ name }) => name));
  return (
    <SidePanel title="Import a catalogue" closeTo={to('event-types')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          A catalogue is a pack of event types with schemas and samples. An import makes what is not here yet,
          and leaves what is here as it is.
        </Text>
        {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
        {data && !types.isLoading ? (
          <Accordion variant="separated" chevronPosition="left" order={3}>
            {data.data.map((catalogue) => (
              <Catalogue key={catalogue.name} catalogue={catalogue} here={here} />
            ))}
          </Accordion>
        ) : null}
        {!data && !error ? <Loader size="sm" /> : null}
      </Stack>
    </SidePanel>
  );
}

function Catalogue({
  catalogue: { name, label, description, eventTypes },
  here,
}: {
  catalogue: Schema<'Catalogue'>;
  here: ReadonlySet<string>;
}): ReactNode {
  const fresh = eventTypes.filter((type) => !here.has(type.name)).length;
  const work = useMutation({
    mutationFn: async () => dataOf(api.POST('/v1/catalogues/{name}/import', { params: { path: { name } } })),
    onSuccess: async ({ imported }) => {
      await queryClient.invalidateQueries({ queryKey: keyOf('event-types') });
      await notify({ message: `${label}: ${counted(imported.length)} imported` });
    },
  });
  return (
    <Accordion.Item value={name}>
      <Group wrap="nowrap" gap="xs" pr="sm">
        <Accordion.Control>
          <Text fw={600}>{label}</Text>
          <Text size="sm" c="dimmed">
            {counted(eventTypes.length)}
            {fresh === eventTypes.length ? '' : fresh === 0 ? '' : `, ${fresh} not here yet`}
          </Text>
        </Accordion.Control>
        {fresh === 0 ? (
          <Group gap={4} wrap="nowrap" c="dimmed" style={{ flex: 'none' }}>
            <IconCheck size={16} aria-hidden />
            <Text size="sm">imported</Text>
          </Group>
        ) : (
          <Button
            size="xs"
            variant="default"
            loading={work.isPending}
            leftSection={<IconDownload size={15} aria-hidden />}
            aria-label={`Import ${label}`}
            style={{ flex: 'none' }}
            onClick={() => work.mutate()}
          >
            Import {fresh}
          </Button>
        )}
      </Group>
      {work.error ? <ProblemNotice error={work.error} m="sm" /> : null}
      <Accordion.Panel>
        <Text size="sm">{description}</Text>
        <List size="sm" mt="xs" spacing={4} listStyleType="none">
          {eventTypes.map((type) => (
            <List.Item key={type.name}>
              <Text span size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                {type.name}
              </Text>{' '}
              <Text span size="sm" c="dimmed">
                {type.category}
              </Text>
              {here.has(type.name) ? null : (
                <Badge size="xs" variant="light" ml={6} radius="sm" tt="none">
                  new
                </Badge>
              )}
            </List.Item>
          ))}
        </List>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function counted(count: number): string {
  return count === 1 ? '1 event type' : `${count} event types`;
}
