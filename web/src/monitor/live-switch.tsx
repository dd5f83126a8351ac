import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';

/** Whether a list goes on by itself. */
export function LiveSwitch({
  live,
  onChange,
}: {
  live: boolean;
  onChange: (live: boolean) => void;
}): ReactNode {
  return (
    <Switch
      label={live ? 'Live' : 'Paused'}
      aria-label="Live"
      checked={live}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
