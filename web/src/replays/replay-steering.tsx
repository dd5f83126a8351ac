import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconBan, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useMay } from '../session/session.js';
import { ConfirmButton } from '../show/confirm-button.js';
import { ProblemNotice } from '../show/problem-notice.js';

/** The key of the query of one replay. */
export function replayKey(id: string): readonly unknown[] {
  return keyOf('replays', 'one', id);
}

/** Pause, resume and cancel, as far as the replay's state and the role allow. */
export function ReplaySteering({ replay: { id, status } }: { replay: Schema<'Replay'> }): ReactNode {
  const may = useMay();
  const options = { params: { path: { id } } };
  const keep = async (replay: Schema<'Replay'>): Promise<void> => {
    // What was asked for before tells of the state before, and may come after.
    await queryClient.cancelQueries({ queryKey: replayKey(id) });
    queryClient.setQueryData(replayKey(id), replay);
  };
  const steer = useMutation({
    mutationFn: async () =>
      dataOf(
        status === 'paused'
          ? api.POST('/v1/replays/{id}/resume', options)
          : api.POST('/v1/replays/{id}/pause', options),
      ),
    onSuccess: keep,
  });
  if (!may('operate') || (status !== 'running' && status !== 'paused')) return null;
  return (
    <>
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={
            status === 'paused' ? (
              <IconPlayerPlay size={16} aria-hidden />
            ) : (
              <IconPlayerPause size={16} aria-hidden />
            )
          }
          loading={steer.isPending}
          onClick={() => steer.mutate()}
        >
          {status === 'paused' ? 'Resume' : 'Pause'}
        </Button>
        <ConfirmButton
          question="Cancel this replay?"
          detail="Nothing more is sent again. What it has made so far is delivered."
          confirm="Cancel the replay"
          leftSection={<IconBan size={16} aria-hidden />}
          act={async () => keep(await dataOf(api.POST('/v1/replays/{id}/cancel', options)))}
        >
          Cancel
        </ConfirmButton>
      </Group>
      {steer.error ? <ProblemNotice error={steer.error} /> : null}
    </>
  );
}
