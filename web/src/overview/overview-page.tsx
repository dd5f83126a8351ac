import { Button } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';

/** What is going on in an environment. */
export function Component(): React.ReactNode {
  const to = useLinks();
  return (
    <Screen title="Overview">
      <EmptyState
        icon={IconWebhook}
        title="Begin with a webhook"
        action={
          <Button component={Link} to={to('webhooks')}>
            Go to webhooks
          </Button>
        }
      >
        A webhook says where events are delivered. Once events flow, this page shows how they fare.
      </EmptyState>
    </Screen>
  );
}
