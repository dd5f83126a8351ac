import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import type { List } from '../table/list.js';

export type EventType = Schema<'EventType'>;

/** Of event types that name no category. */
export const noCategory = 'Without a category';

/** All event types of the environment, by category and name: a catalogue is looked at, searched and picked from as a whole. */
export function useEventTypes(): List<EventType> {
  const query = useQuery({
    queryKey: keyOf('event-types'),
    queryFn: async ({ signal }) => readAll(signal),
    staleTime: 15_000,
  });
  return {
    rows: query.data ?? [],
    isLoading: query.isPending,
    isStale: false,
    error: query.error,
    hasMore: false,
    isLoadingMore: false,
    loadMore: () => undefined,
    reload: () => void query.refetch(),
  };
}

/** Event types under the names of their categories. */
export function byCategory(types: readonly EventType[]): ReadonlyMap<string, readonly EventType[]> {
  const groups = new Map<string, EventType[]>();
  for (const type of types) {
    const category = type.category ?? noCategory;
    groups.set(category, [...(groups.get(category) ?? []), type]);
  }
  return groups;
}

/** Whether an event type's name, label, category or description holds a text, in upper or lower case. */
export function isAbout({ name, label, category, description }: EventType, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [name, label, category, description].some((each) => each?.toLowerCase().includes(wanted) === true);
}

async function readAll(signal: AbortSignal): Promise<EventType[]> {
  const types = await everyPage(async (cursor) =>
    dataOf(
      api.GET('/v1/event-types', { params: { query: { limit: 200, sort: 'name', ...cursor } }, signal }),
    ),
  );
  const category = (type: EventType): string => type.category ?? '\u{10FFFF}';
  return types.sort((a, b) => category(a).localeCompare(category(b)) || a.name.localeCompare(b.name));
}
