import { MultiSelect, Text, type MultiSelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';

export type EventType = Schema<'EventType'>;

/** The catalogue of the environment, by category and name. */
export function useEventTypes(): { types: readonly EventType[]; isLoading: boolean } {
  const { data, isPending } = useQuery({
    queryKey: keyOf('event-types', 'all'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(
          api.GET('/v1/event-types', { params: { query: { sort: 'name', limit: 200, ...cursor } }, signal }),
        ),
      ),
    staleTime: 30_000,
  });
  return { types: data ?? [], isLoading: isPending };
}

/** Event types in groups by their category, as a select takes them; names in `first` stand in a group of their own before. */
export function byCategory(
  types: readonly EventType[],
  first?: { group: string; names: readonly string[] },
): { group: string; items: { value: string; label: string }[] }[] {
  const groups = new Map<string, { value: string; label: string }[]>();
  const groupOf = ({ name, category }: EventType): string =>
    first?.names.includes(name) === true ? first.group : (category ?? 'Without a category');
  if (first && first.names.length > 0) groups.set(first.group, []);
  const sorted = types.toSorted((a, b) => (a.category ?? '').localeCompare(b.category ?? ''));
  for (const type of sorted) {
    const group = groupOf(type);
    groups.set(group, [...(groups.get(group) ?? []), { value: type.name, label: type.name }]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}

/** Event types to choose some of, by category. */
export function EventTypeSelect({
  types,
  ...props
}: Omit<MultiSelectProps, 'data'> & { types: readonly EventType[] }): ReactNode {
  const labels = new Map(types.map(({ name, label }) => [name, label]));
  return (
    <MultiSelect
      searchable
      clearable
      hidePickedOptions
      maxDropdownHeight={320}
      nothingFoundMessage="No event type of that name"
      {...props}
      data={byCategory(types)}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {labels.get(option.value)}
          </Text>
        </div>
      )}
    />
  );
}
