import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { useMay } from '../session/session.js';

export interface Choice {
  value: string;
  label: string;
}

/** What a list can be narrowed by. */
export interface FilterField {
  /** As the API and the address call it. */
  name: string;
  label: string;
  /** The values there are: fixed ones, or read when the field is opened. Without, any text. */
  choices?: readonly Choice[] | ChoiceSource;
  /** Whether a text that is no choice counts too. */
  free?: boolean;
}

type ChoiceSource = 'webhooks' | 'subscriptions' | 'sources' | 'eventTypes';

const limit = 200;

/** Reads what there is to choose from. */
const sources: Record<ChoiceSource, (signal: AbortSignal) => Promise<Choice[]>> = {
  webhooks: async (signal) => {
    const query = { limit, sort: 'name' };
    const { data } = await dataOf(api.GET('/v1/webhooks', { params: { query }, signal }));
    return data.map(({ id, name }) => ({ value: id, label: name }));
  },
  subscriptions: async (signal) => {
    const { data } = await dataOf(api.GET('/v1/subscriptions', { params: { query: { limit } }, signal }));
    return data.map(({ id, name }) => ({ value: id, label: name ?? id }));
  },
  sources: async (signal) => {
    const { data } = await dataOf(api.GET('/v1/sources', { params: { query: { limit } }, signal }));
    return data.map(({ id, name }) => ({ value: id, label: name ?? id }));
  },
  eventTypes: async (signal) => {
    const { data } = await dataOf(api.GET('/v1/event-types', { params: { query: { limit } }, signal }));
    return data.map(({ name }) => ({ value: name, label: name }));
  },
};

/** The values of a field, and of those that are read as far as they have been; undefined where any text may be given. */
export function useChoices({ choices }: FilterField): readonly Choice[] | undefined {
  const may = useMay();
  // Who may not read the configuration knows ids alone.
  const source = typeof choices === 'string' && may('read') ? choices : undefined;
  const { data } = useQuery({
    queryKey: keyOf('choices', source),
    queryFn: async ({ signal }) => (source === undefined ? [] : sources[source](signal)),
    enabled: source !== undefined,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
  if (typeof choices === 'object') return choices;
  return source === undefined ? undefined : (data ?? []);
}
