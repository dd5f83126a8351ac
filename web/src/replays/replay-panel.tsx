import { Anchor, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconExternalLink } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import classes from '../deliveries/delivery.module.css';
import { SidePanel } from '../panel/side-panel.js';
import { CopyText } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { StatusBadge } from '../show/status-badge.js';
import { Time } from '../show/time.js';
import { ReplayProgress } from './replay-progress.js';
import { replayKey, ReplaySteering } from './replay-steering.js';
import { targetOf } from './replay-target.js';

const pollMs = 500;

/** One replay: how far it is, and pause, resume and cancel. */
export function Component(): React.ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const { data, error, refetch } = useQuery({
    queryKey: replayKey(id),
    queryFn: async ({ signal }) => dataOf(api.GET('/v1/replays/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? pollMs : false),
  });
  return (
    <SidePanel key={id} title="Replay" closeTo={to('replays')}>
      {error && !data ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton height={120} aria-label="Loading" /> : null}
      {data ? (
        <Stack gap="lg">
          <Group justify="space-between">
            <StatusBadge status={data.status} />
            <ReplaySteering replay={data} />
          </Group>
          <ReplayProgress replay={data} withText />
          <dl className={classes['facts']}>
            <dt>What</dt>
            <dd>{targetOf(data)}</dd>
            {data.failureReason === null ? null : (
              <>
                <dt>Why it failed</dt>
                <dd>{data.failureReason}</dd>
              </>
            )}
            <dt>At most</dt>
            <dd>
              {data.rate} a second{data.rerender ? ', bodies rendered again' : ''}
            </dd>
            <dt>Made</dt>
            <dd>
              <Time at={data.createdAt} />
            </dd>
            {data.endedAt === null ? null : (
              <>
                <dt>Ended</dt>
                <dd>
                  <Time at={data.endedAt} />
                </dd>
              </>
            )}
            <dt>Replay id</dt>
            <dd>
              <CopyText text={data.id} what="Replay id" />
            </dd>
            {data.workflowUrl === null ? null : (
              <>
                <dt>Workflow</dt>
                <dd>
                  <Anchor href={data.workflowUrl} target="_blank" rel="noreferrer" size="sm">
                    Open in Temporal{' '}
                    <IconExternalLink size={14} aria-hidden style={{ verticalAlign: '-2px' }} />
                  </Anchor>
                </dd>
              </>
            )}
          </dl>
          <Anchor component={Link} to={`${to('sent')}?from=${encodeURIComponent(data.createdAt)}`}>
            See what was sent since it began
          </Anchor>
        </Stack>
      ) : null}
    </SidePanel>
  );
}
