import { Button, Group, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconPlus, IconSearchOff, IconWebhook } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useOutlet, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import { SearchField } from '../table/search-field.js';
import { useHealth } from './webhook-health.js';
import { webhookColumns } from './webhook-columns.js';

/** The webhooks of an environment, and beside them the one that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { id } = useParams();
  const navigate = useNavigate();
  const location = useLocation();
  const may = useMay();
  const isPanelOpen = useOutlet() !== null;
  const [{ search, sort }, setState] = useSearchState({ search: '', sort: 'name' });
  const list = useList(['webhooks', search, sort], async (page, signal) =>
    dataOf(
      api.GET('/v1/webhooks', {
        params: { query: { sort, ...(search === '' ? {} : { search }), ...page } },
        signal,
      }),
    ),
  );
  const eventTypes = useTypesByWebhook(list.rows);
  const health = useHealth(list.rows.map((webhook) => webhook.id));
  const register = (
    <Button
      component={Link}
      to={to('webhooks', 'new') + location.search}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      Register webhook
    </Button>
  );
  return (
    <Screen title="Webhooks" {...(may('configure') ? { actions: register } : {})}>
      <Beside>
        <Group>
          <SearchField
            label="Search name or URL"
            value={search}
            onChange={(text) => setState({ search: text })}
          />
        </Group>
        <DataTable
          label="Webhooks"
          columns={webhookColumns({ eventTypes, health, isNarrow: isPanelOpen })}
          list={list}
          rowId={(webhook) => webhook.id}
          openId={id}
          onOpen={(webhook) => void navigate(to('webhooks', webhook.id) + location.search)}
          sort={sort}
          onSort={(next) => setState({ sort: next })}
          empty={
            search === '' ? (
              <EmptyState
                icon={IconWebhook}
                title="No webhooks yet"
                {...(may('configure') ? { action: register } : {})}
              >
                A webhook says where events are delivered: a URL, and how to speak to it.
              </EmptyState>
            ) : (
              <EmptyState icon={IconSearchOff} title="No webhook matches">
                Neither a name nor a URL holds{' '}
                <Text span fw={600}>
                  {search}
                </Text>
                .
              </EmptyState>
            )
          }
        />
      </Beside>
    </Screen>
  );
}

/** The event types that lead to each webhook, by its id: those of its subscriptions. */
function useTypesByWebhook(rows: readonly Schema<'Webhook'>[]): ReadonlyMap<string, readonly string[]> {
  const { data } = useQuery({
    queryKey: keyOf('subscriptions', 'of-webhooks'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(api.GET('/v1/subscriptions', { params: { query: { limit: 200, ...cursor } }, signal })),
      ),
    enabled: rows.length > 0,
    placeholderData: keepPreviousData,
  });
  const byWebhook = new Map<string, string[]>();
  for (const { webhookId, eventTypes } of data ?? []) {
    byWebhook.set(webhookId, [...new Set([...(byWebhook.get(webhookId) ?? []), ...eventTypes])]);
  }
  return byWebhook;
}
