import type { ReactNode } from 'react';
import { useLinks } from '../address/links.js';
import { api } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import { EventTypeForm } from './event-type-form.js';

/** An event type that is not there yet. */
export function Component(): ReactNode {
  const to = useLinks();
  return (
    <EventTypeForm
      title="New event type"
      closeTo={to('event-types')}
      doneAt={(name) => to('event-types', name)}
      save={async (name, fields) => {
        await api.POST('/v1/event-types', { body: { name, ...fields } });
        await queryClient.invalidateQueries({ queryKey: keyOf('event-types') });
      }}
    />
  );
}
