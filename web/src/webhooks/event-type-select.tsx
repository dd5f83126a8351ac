import { MultiSelect, Text, type MultiSelectProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { byCategory, type EventType } from '../event-types/event-types.js';

/** Event types in groups, as a select takes them: by category; names in `first` stand in a group of their own before. */
export function inGroups(
  types: readonly EventType[],
  first?: { group: string; names: readonly string[] },
): { group: string; items: { value: string; label: string }[] }[] {
  const isFirst = ({ name }: EventType): boolean => first?.names.includes(name) === true;
  const groups = byCategory(types.filter((type) => !isFirst(type)));
  const ahead: [string, readonly EventType[]][] = first ? [[first.group, types.filter(isFirst)]] : [];
  return [...ahead, ...groups]
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => ({
      group,
      items: members.map(({ name }) => ({ value: name, label: name })),
    }));
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
      data={inGroups(types)}
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
