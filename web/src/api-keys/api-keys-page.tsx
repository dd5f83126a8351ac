import { Badge, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconKey, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { Beside } from '../panel/beside.js';
import { Screen } from '../shell/screen.js';
import { ConfirmButton } from '../show/confirm-button.js';
import { EmptyState } from '../show/empty-state.js';
import { Time } from '../show/time.js';
import type { Column } from '../table/columns.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';

type ApiKey = Schema<'ApiKey'>;

/** The keys of an environment: made here, shown once, revoked. */
export function Component(): ReactNode {
  const to = useLinks();
  const { pathname } = useLocation();
  const list = useList(['api-keys'], async (page, signal) =>
    dataOf(api.GET('/v1/api-keys', { params: { query: page }, signal })),
  );
  const makers = useMakers();
  const add = (
    <Button component={Link} to={to('api-keys', 'new')} leftSection={<IconPlus size={16} aria-hidden />}>
      New key
    </Button>
  );
  return (
    <Screen title="API keys" actions={add}>
      <Beside>
        <DataTable
          label="API keys"
          columns={columnsOf(makers, pathname !== to('api-keys'))}
          list={list}
          rowId={(key) => key.id}
          empty={
            <EmptyState icon={IconKey} title="No keys" action={add}>
              A key lets a service publish, or a person sign in here, each with what its role may.
            </EmptyState>
          }
        />
      </Beside>
    </Screen>
  );
}

function columnsOf(makers: ReadonlyMap<string, string>, isNarrow: boolean): readonly Column<ApiKey>[] {
  const columns: readonly Column<ApiKey>[] = [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(0, 1.4fr)',
      cell: ({ name }) => (
        <Text span inherit fw={600} truncate display="block">
          {name}
        </Text>
      ),
    },
    {
      id: 'role',
      title: 'Role',
      width: '110px',
      cell: ({ role }) => (
        <Badge variant="default" radius="sm" tt="none" fw={500}>
          {role}
        </Badge>
      ),
    },
    {
      id: 'maker',
      title: 'Made by',
      cell: ({ id }) => (
        <Text span size="sm" c="dimmed" truncate display="block">
          {isConfigured(id) ? 'the configuration' : (makers.get(id) ?? 'not recorded')}
        </Text>
      ),
    },
    {
      id: 'createdAt',
      title: 'Made',
      width: '180px',
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'lastUsedAt',
      title: 'Last used',
      width: '130px',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <Text span size="sm" c="dimmed">
            not yet
          </Text>
        ) : (
          <Time at={lastUsedAt} relative />
        ),
    },
    {
      id: 'revoke',
      title: 'Action',
      width: '90px',
      align: 'right',
      cell: (key) => <Revoke apiKey={key} />,
    },
  ];
  return isNarrow ? columns.filter(({ id }) => id !== 'createdAt' && id !== 'maker') : columns;
}

/** A key of the deployment's configuration: another start would make it again, so it cannot be revoked here. */
function isConfigured(id: string): boolean {
  return id.startsWith('key_default_');
}

/** Who made which key, by its id, as far as the audit log goes back. */
function useMakers(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: keyOf('audit', 'keys-made'),
    queryFn: async ({ signal }) => {
      const query = { resource: 'api_key', action: 'created', limit: 200 } as const;
      return dataOf(api.GET('/v1/audit', { params: { query }, signal }));
    },
  });
  return new Map((data?.data ?? []).map(({ resourceId, key }) => [resourceId, key?.name ?? 'the root key']));
}

function Revoke({ apiKey: { id, name } }: { apiKey: ApiKey }): ReactNode {
  if (isConfigured(id)) return null;
  return (
    <ConfirmButton
      size="compact-sm"
      variant="subtle"
      color="red"
      c="var(--mantine-color-error)"
      aria-label={`Revoke ${name}`}
      question={`Revoke ${name}?`}
      detail="Whatever uses it is refused from now on, and whoever is signed in with it is signed out. It cannot be brought back."
      confirm="Revoke"
      act={async () => {
        await api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } });
        await queryClient.invalidateQueries({ queryKey: keyOf('api-keys') });
      }}
    >
      Revoke
    </ConfirmButton>
  );
}
