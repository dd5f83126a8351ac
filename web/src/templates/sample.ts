import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useMay } from '../session/session.js';
import { useEventTypes, type EventType } from '../event-types/event-types.js';

/** What a template is tried on: an event type's sample payload, or the data of an event that was published. */
export interface Sample {
  types: readonly EventType[];
  /** Those that lead to the webhook. */
  subscribed: readonly string[];
  /** What there is to choose from is still being read: until then nothing is chosen by itself. */
  isLoading: boolean;
  eventType: string | undefined;
  /** Events of the type, the newest first. */
  events: readonly Schema<'EventRow'>[];
  eventId: string | null;
  /** undefined where the type has no sample payload. */
  data: unknown;
  choose: (choice: { eventType: string | undefined; eventId: string | null }) => void;
}

const shownEvents = 15;

/**
 * The choice of a sample for a webhook to which `subscribed` lead, which is undefined until it is known; at first their first
 * one's sample payload.
 */
export function useSample(subscribed: readonly string[] | undefined): Sample {
  const { rows: types, isLoading: areTypesLoading } = useEventTypes();
  const isLoading = subscribed === undefined || areTypesLoading;
  const may = useMay();
  const [choice, choose] = useState<{ eventType: string | undefined; eventId: string | null }>({
    eventType: undefined,
    eventId: null,
  });
  const eventType = choice.eventType ?? (isLoading ? undefined : (subscribed[0] ?? types[0]?.name));
  const { data: events } = useQuery({
    queryKey: keyOf('events', 'samples', eventType),
    queryFn: async ({ signal }) =>
      dataOf(
        api.GET('/v1/events', {
          params: { query: { limit: shownEvents, ...(eventType === undefined ? {} : { type: eventType }) } },
          signal,
        }),
      ),
    enabled: eventType !== undefined && may('history'),
  });
  const event = events?.data.find(({ id }) => id === choice.eventId);
  const type = types.find(({ name }) => name === eventType);
  return {
    types,
    subscribed: subscribed ?? [],
    isLoading,
    eventType,
    events: events?.data ?? [],
    eventId: event?.id ?? null,
    data: event ? event.data : (type?.samplePayload ?? undefined),
    choose,
  };
}

/** The sample as a preview, a test or a match takes it. */
export function sampleBody({ eventType, data }: Sample): { eventType?: string; data?: unknown } {
  return { ...(eventType === undefined ? {} : { eventType }), ...(data === undefined ? {} : { data }) };
}
