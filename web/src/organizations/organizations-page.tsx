import { Badge, Button, Text } from '@mantine/core';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { acting, actFor } from '../api/acting.js';
import { api, dataOf } from '../api/client.js';
import type { Schema } from '../api/schemas.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { CopyText } from '../show/copy-text.js';
import { EmptyState } from '../show/empty-state.js';
import { Time } from '../show/time.js';
import type { Column } from '../table/columns.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import { EnterOrganization } from './enter-organization.js';

type Organization = Schema<'Organization'>;

/** The organizations, for a key that acts for any: which to act in, in this tab. */
export function Component(): ReactNode {
  const to = useLinks();
  const may = useMay();
  const add = may('root') ? (
    <Button component={Link} to={to('organizations', 'new')} leftSection={<IconPlus size={16} aria-hidden />}>
      New organization
    </Button>
  ) : null;
  return (
    <Screen title="Organizations" actions={add}>
      {may('root') ? <Organizations add={add} /> : <EnterOrganization />}
    </Screen>
  );
}

function Organizations({ add }: { add: ReactNode }): ReactNode {
  const to = useLinks();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const list = useList(['organizations'], async (page, signal) =>
    dataOf(api.GET('/v1/organizations', { params: { query: page }, signal })),
  );
  const { organizationId } = acting();
  const enter = ({ id }: Organization): void => {
    actFor(id);
    void navigate(to('overview'));
  };
  return (
    <Beside>
      {organizationId === undefined ? (
        <Text>Choose the organization to act in: the root key acts for any.</Text>
      ) : null}
      <DataTable
        label="Organizations"
        columns={columnsOf(organizationId, enter, pathname !== to('organizations'))}
        list={list}
        rowId={(organization) => organization.id}
        openId={organizationId}
        onOpen={enter}
        empty={
          <EmptyState icon={IconBuilding} title="No organizations yet" action={add}>
            An organization is a tenant: all that is here belongs to one.
          </EmptyState>
        }
      />
    </Beside>
  );
}

function columnsOf(
  present: string | undefined,
  enter: (organization: Organization) => void,
  isNarrow: boolean,
): readonly Column<Organization>[] {
  const columns: readonly Column<Organization>[] = [
    {
      id: 'name',
      title: 'Name',
      cell: ({ name }) => (
        <Text span inherit fw={600} truncate display="block">
          {name}
        </Text>
      ),
    },
    { id: 'id', title: 'Id', cell: ({ id }) => <CopyText text={id} what="Id" /> },
    {
      id: 'createdAt',
      title: 'Made',
      width: '190px',
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'enter',
      title: 'Action',
      width: '120px',
      align: 'right',
      cell: (organization) =>
        organization.id === present ? (
          <Badge variant="light" radius="sm" tt="none">
            you act here
          </Badge>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Act in ${organization.name}`}
            onClick={(event) => {
              event.stopPropagation();
              enter(organization);
            }}
          >
            Act in it
          </Button>
        ),
    },
  ];
  return isNarrow ? columns.filter(({ id }) => id !== 'createdAt') : columns;
}
