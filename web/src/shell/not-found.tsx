import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../show/empty-state.js';

/** An address that leads nowhere. */
export function NotFound(): React.ReactNode {
  return (
    <EmptyState
      icon={IconMapOff}
      title="There is nothing at this address"
      action={
        <Button component={Link} to="/" variant="light">
          Go to the overview
        </Button>
      }
    >
      It may have been mistyped, or what it showed was deleted.
    </EmptyState>
  );
}
