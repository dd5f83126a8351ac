import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, ifMatch, revisionOf, type Revision } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { DeleteButton } from '../panel/delete-button.js';
import { SidePanel } from '../panel/side-panel.js';
import { useMay } from '../session/session.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { SubscriptionForm } from './subscription-form.js';
import { SubscriptionView } from './subscription-view.js';
import { titleOf, type Subscription } from './subscriptions.js';

/** One subscription: to be changed by who may, else to be read and tried. */
export function Component(): ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const may = useMay();
  const { data, error } = useQuery({
    queryKey: keyOf('subscriptions', 'one', id),
    queryFn: async ({ signal }) =>
      revisionOf(api.GET('/v1/subscriptions/{id}', { params: { path: { id } }, signal })),
  });
  if (!data) {
    return (
      <SidePanel title="Subscription" closeTo={to('subscriptions')}>
        {error ? <ProblemNotice error={error} /> : <Loader size="sm" />}
      </SidePanel>
    );
  }
  if (!may('configure')) return <SubscriptionView key={id} subscription={data.data} />;
  return <Edit key={id} present={data} />;
}

/** Shows what is present as long as nothing is typed: then a change by somebody else is met when it is saved. */
function Edit({ present }: { present: Revision<Subscription> }): ReactNode {
  const [shown, setShown] = useState(present);
  const [isDirty, setDirty] = useState(false);
  if (!isDirty && present.etag !== shown.etag) setShown(present);
  const { data: subscription, etag } = shown;
  const { id } = subscription;
  return (
    <SubscriptionForm
      key={etag}
      title={titleOf(subscription)}
      subscription={subscription}
      onDirty={setDirty}
      remove={<Delete id={id} etag={etag} />}
      save={async (fields) => {
        await api.PATCH('/v1/subscriptions/{id}', {
          params: { path: { id } },
          headers: ifMatch(etag),
          body: fields,
        });
        return id;
      }}
    />
  );
}

function Delete({ id, etag }: { id: string; etag: string }): ReactNode {
  const to = useLinks();
  return (
    <DeleteButton
      question="Delete this subscription?"
      detail="Events from now on pass it by. Its deliveries go on, and stay in the history."
      call={async () =>
        api.DELETE('/v1/subscriptions/{id}', { params: { path: { id } }, headers: ifMatch(etag) })
      }
      leaveTo={to('subscriptions')}
      itself={[['subscriptions', 'one', id]]}
      lists={['subscriptions']}
    />
  );
}
