import { Text } from '@mantine/core';
import type { Column } from '../table/columns.js';
import { noCategory, type EventType } from './event-types.js';

/** The columns of the catalogue, whose rows come by category: each category stands out where it begins; `isNarrow` beside a panel. */
export function eventTypeColumns(
  rows: readonly EventType[],
  isNarrow: boolean,
): readonly Column<EventType>[] {
  const firsts = new Set<string>();
  const seen = new Set<string | null>();
  for (const { name, category } of rows) {
    if (seen.has(category)) continue;
    seen.add(category);
    firsts.add(name);
  }
  const columns: readonly Column<EventType>[] = [
    {
      id: 'name',
      title: 'Event type',
      width: 'minmax(0, 1.3fr)',
      cell: ({ name, label }) => (
        <div style={{ minWidth: 0 }}>
          <Text span inherit fw={600} truncate display="block">
            {name}
          </Text>
          {label === null || label === name ? null : (
            <Text span size="sm" c="dimmed" truncate display="block">
              {label}
            </Text>
          )}
        </div>
      ),
    },
    {
      id: 'category',
      title: 'Category',
      width: 'minmax(0, 0.7fr)',
      cell: ({ name, category }) => (
        <Text span inherit truncate display="block" {...(firsts.has(name) ? { fw: 600 } : { c: 'dimmed' })}>
          {category ?? noCategory}
        </Text>
      ),
    },
    {
      id: 'description',
      title: 'Description',
      width: 'minmax(0, 1.6fr)',
      wideOnly: true,
      cell: ({ description }) => (
        <Text span size="sm" c="dimmed" lineClamp={2}>
          {description}
        </Text>
      ),
    },
  ];
  return isNarrow ? columns.slice(0, 2) : columns;
}
