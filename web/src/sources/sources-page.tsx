import { Anchor, Button, Text } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { CopyText } from '../show/copy-text.js';
import { EmptyState } from '../show/empty-state.js';
import { Time } from '../show/time.js';
import type { Column } from '../table/columns.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import type { Source, VerificationType } from './source-values.js';

const proofs: Record<VerificationType, string> = {
  none: 'none',
  header: 'header',
  hmac_sha256: 'HMAC-SHA256',
  standard_webhooks: 'Standard Webhooks',
};

const columns: readonly Column<Source>[] = [
  {
    id: 'name',
    title: 'Name',
    sortable: true,
    cell: ({ name }) => (
      <Text span inherit truncate display="block" {...(name === null ? { c: 'dimmed' } : { fw: 600 })}>
        {name ?? 'Unnamed'}
      </Text>
    ),
  },
  {
    id: 'url',
    title: 'URL',
    width: 'minmax(0, 1.6fr)',
    cell: ({ url }) => <CopyText text={url} what="URL" />,
  },
  {
    id: 'verification',
    title: 'Verification',
    cell: ({ verification }) => proofs[verification.type],
  },
  { id: 'respond', title: 'Answers', width: '80px', cell: ({ respond }) => respond.status },
  {
    id: 'createdAt',
    title: 'Made',
    width: '170px',
    sortable: true,
    wideOnly: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];

/** The URLs at which others tell what became of what was sent to them, and beside them the one that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { id } = useParams();
  const navigate = useNavigate();
  const { search, pathname } = useLocation();
  const may = useMay();
  const [{ sort }, setState] = useSearchState({ sort: 'name' });
  const list = useList(['sources', sort], async (page, signal) =>
    dataOf(api.GET('/v1/sources', { params: { query: { kind: 'callback', sort, ...page } }, signal })),
  );
  const isNarrow = pathname !== to('sources');
  const add = may('configure') ? (
    <Button
      component={Link}
      to={to('sources', 'new') + search}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      New
    </Button>
  ) : null;
  return (
    <Screen title="Sources" actions={add}>
      <Beside>
        <DataTable
          label="Sources"
          columns={isNarrow ? columns.slice(0, 3) : columns}
          list={list}
          rowId={(source) => source.id}
          openId={id}
          onOpen={(source) => void navigate(to('sources', source.id) + search)}
          sort={sort}
          onSort={(next) => setState({ sort: next })}
          empty={
            <EmptyState icon={IconDownload} title="No sources yet" action={add}>
              A source is a URL at which others call you back, such as a carrier that tells what became of a
              shipment. Whatever arrives is recorded. To try out a webhook, take a{' '}
              <Anchor component={Link} to={to('test-url')} inherit underline="always">
                test URL
              </Anchor>
              .
            </EmptyState>
          }
        />
      </Beside>
    </Screen>
  );
}
