import { Button, Text } from '@mantine/core';
import { IconDatabase, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useNavigate, useOutlet, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import { authKinds } from '../auth/auth-values.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { CopyText } from '../show/copy-text.js';
import { EmptyState } from '../show/empty-state.js';
import { Time } from '../show/time.js';
import type { Column } from '../table/columns.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import type { ExternalSystem } from './external-systems.js';

const columns: readonly Column<ExternalSystem>[] = [
  {
    id: 'name',
    title: 'Name',
    sortable: true,
    cell: ({ name }) => (
      <Text span inherit fw={600} truncate display="block">
        {name}
      </Text>
    ),
  },
  {
    id: 'baseUrl',
    title: 'Base URL',
    width: 'minmax(0, 1.4fr)',
    cell: ({ baseUrl }) => <CopyText text={baseUrl} what="URL" />,
  },
  {
    id: 'auth',
    title: 'Authentication',
    cell: ({ auth }) => authKinds.find(({ value }) => value === auth.type)?.label ?? auth.type,
  },
  {
    id: 'updatedAt',
    title: 'Changed',
    width: '130px',
    sortable: true,
    wideOnly: true,
    cell: ({ updatedAt }) => <Time at={updatedAt} relative />,
  },
];

/** The external systems of an environment, and beside them the one that the address names. */
export function Component(): ReactNode {
  const to = useLinks();
  const may = useMay();
  const { id } = useParams();
  const isPanelOpen = useOutlet() !== null;
  const navigate = useNavigate();
  const location = useLocation();
  const [{ sort }, setState] = useSearchState({ sort: 'name' });
  const list = useList(['external-systems', sort], async (page, signal) =>
    dataOf(api.GET('/v1/external-systems', { params: { query: { sort, ...page } }, signal })),
  );
  const add = (
    <Button
      component={Link}
      to={to('external-systems', 'new') + location.search}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      Add external system
    </Button>
  );
  return (
    <Screen title="External systems" {...(may('configure') ? { actions: add } : {})}>
      <Beside>
        <DataTable
          label="External systems"
          columns={isPanelOpen ? columns.slice(0, 2) : columns}
          list={list}
          rowId={(system) => system.id}
          openId={id}
          onOpen={(system) => void navigate(to('external-systems', system.id) + location.search)}
          sort={sort}
          onSort={(next) => setState({ sort: next })}
          empty={
            <EmptyState
              icon={IconDatabase}
              title="No external systems yet"
              {...(may('configure') ? { action: add } : {})}
            >
              An external system keeps one credential that several webhooks share. Change it once, and all of
              them use it.
            </EmptyState>
          }
        />
      </Beside>
    </Screen>
  );
}
