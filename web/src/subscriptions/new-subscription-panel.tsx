import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { api, dataOf } from '../api/client.js';
import { SubscriptionForm } from './subscription-form.js';

/** A subscription that is not there yet; `?eventType=` and `?webhookId=` say what it begins with. */
export function Component(): ReactNode {
  const [parameters] = useSearchParams();
  return (
    <SubscriptionForm
      title="New subscription"
      initial={{
        eventTypes: parameters.getAll('eventType'),
        webhookId: parameters.get('webhookId') ?? '',
      }}
      save={async (fields) => (await dataOf(api.POST('/v1/subscriptions', { body: fields }))).id}
    />
  );
}
