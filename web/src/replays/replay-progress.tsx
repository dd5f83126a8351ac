import { Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';

const colors: Partial<Record<Schema<'Replay'>['status'], string>> = {
  paused: 'yellow',
  failed: 'red',
  cancelled: 'gray',
  succeeded: 'teal',
};

/** How far a replay is. */
export function ReplayProgress({
  replay: { done, skipped, count, countComplete, status },
  withText = false,
}: {
  replay: Schema<'Replay'>;
  withText?: boolean;
}): ReactNode {
  // What was counted as left out is not part of `count`; what the replay finds so on its way may be.
  const percent = status === 'succeeded' ? 100 : count === 0 ? 0 : Math.min(100, (done / count) * 100);
  return (
    <div>
      <Progress
        value={percent}
        aria-label={`${Math.round(percent)} % done`}
        size={withText ? 'lg' : 'sm'}
        color={colors[status] ?? 'indigo'}
        animated={status === 'running'}
      />
      {withText ? (
        <Text size="sm" mt={6} aria-live="polite">
          <b>{done.toLocaleString()}</b> of {countComplete ? '' : 'at least '}
          {count.toLocaleString()} sent again
          {skipped > 0 ? `, ${skipped.toLocaleString()} left out` : ''}
        </Text>
      ) : null}
    </div>
  );
}
