import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import type { Schema } from '../api/schemas.js';
import { Beside } from '../panel/beside.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { StatusBadge } from '../show/status-badge.js';
import { Time } from '../show/time.js';
import type { Column } from '../table/columns.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import { ReplayProgress } from './replay-progress.js';
import { targetOf } from './replay-target.js';

type Replay = Schema<'Replay'>;
const pollMs = 2_000;

const status: Column<Replay> = {
  id: 'status',
  title: 'Status',
  width: '120px',
  cell: (replay) => <StatusBadge status={replay.status} />,
};
const target: Column<Replay> = {
  id: 'target',
  title: 'What',
  cell: (replay) => (
    <span style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', display: 'block' }}>
      {targetOf(replay)}
    </span>
  ),
};
const count: Column<Replay> = {
  id: 'done',
  title: 'Done',
  width: '110px',
  align: 'right',
  cell: (replay) => `${replay.done.toLocaleString()} of ${replay.count.toLocaleString()}`,
};
const progress: Column<Replay> = {
  id: 'progress',
  title: 'Progress',
  wideOnly: true,
  cell: (replay) => <ReplayProgress replay={replay} />,
};
const made: Column<Replay> = {
  id: 'createdAt',
  title: 'Made',
  sortable: true,
  width: '180px',
  align: 'right',
  cell: (replay) => <Time at={replay.createdAt} />,
};
const columns = { wide: [status, target, progress, count, made], beside: [status, target, made] };

/** The replays of an environment and how far they are, and beside them the one that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { id } = useParams();
  const navigate = useNavigate();
  const { search } = useLocation();
  const [{ sort }, setState] = useSearchState({ sort: '-createdAt' });
  const list = useList(
    ['replays', 'list', sort],
    async (page, signal) => dataOf(api.GET('/v1/replays', { params: { query: { sort, ...page } }, signal })),
    { pollMs },
  );
  return (
    <Screen title="Replays">
      <Beside>
        <DataTable
          label="Replays"
          columns={id === undefined ? columns.wide : columns.beside}
          list={list}
          rowId={(replay) => replay.id}
          openId={id}
          sort={sort}
          onSort={(next) => setState({ sort: next })}
          onOpen={(replay) => void navigate(to('replays', replay.id) + search)}
          empty={
            <EmptyState
              icon={IconRefresh}
              title="No replays yet"
              action={
                <Button component={Link} to={`${to('sent')}?status=failed`}>
                  See what failed
                </Button>
              }
            >
              A replay sends many deliveries again: pick them under “Sent”, or take all that a filter finds.
            </EmptyState>
          }
        />
      </Beside>
    </Screen>
  );
}
