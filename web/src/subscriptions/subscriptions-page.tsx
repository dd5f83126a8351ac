import { Button, Group, Select } from '@mantine/core';
import { IconPlus, IconRoute, IconSearchOff } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import { useEventTypes } from '../event-types/event-types.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import { SearchField } from '../table/search-field.js';
import { subscriptionColumns } from './subscription-columns.js';
import { useWebhooks } from './subscriptions.js';

const none = { search: '', eventType: '', webhookId: '', active: '' };

/** Which events go to which webhook, and beside them the subscription that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { id } = useParams();
  const navigate = useNavigate();
  const { search: query, pathname } = useLocation();
  const may = useMay();
  const [state, setState] = useSearchState({ ...none, sort: 'name' });
  const { search, eventType, webhookId, active, sort } = state;
  const list = useList(['subscriptions', state], async (page, signal) =>
    dataOf(
      api.GET('/v1/subscriptions', {
        params: {
          query: {
            sort,
            ...(search === '' ? {} : { search }),
            ...(eventType === '' ? {} : { eventType }),
            ...(webhookId === '' ? {} : { webhookId }),
            ...(active === '' ? {} : { active: active === 'on' ? 'true' : 'false' }),
            ...page,
          },
        },
        signal,
      }),
    ),
  );
  const webhooks = useWebhooks();
  const eventTypes = useEventTypes();
  const isNarrowed = [search, eventType, webhookId, active].some((each) => each !== '');
  const add = may('configure') ? (
    <Button
      component={Link}
      to={to('subscriptions', 'new') + query}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      New
    </Button>
  ) : null;
  return (
    <Screen title="Subscriptions" actions={add}>
      <Beside>
        <Group gap="sm">
          <SearchField
            label="Search name or event type"
            value={search}
            onChange={(text) => setState({ search: text })}
          />
          <Select
            aria-label="Webhook"
            placeholder="Any webhook"
            data={[...webhooks.values()].map((each) => ({ value: each.id, label: each.name }))}
            value={webhookId === '' ? null : webhookId}
            onChange={(next) => setState({ webhookId: next ?? '' })}
            clearable
            searchable
            w={{ base: 'calc(50% - 6px)', sm: 190 }}
          />
          <Select
            aria-label="Event type"
            placeholder="Any event type"
            data={eventTypes.rows.map(({ name }) => name)}
            value={eventType === '' ? null : eventType}
            onChange={(next) => setState({ eventType: next ?? '' })}
            clearable
            searchable
            w={{ base: 'calc(50% - 6px)', sm: 190 }}
          />
          <Select
            aria-label="On or off"
            placeholder="On and off"
            data={['on', 'off']}
            value={active === '' ? null : active}
            onChange={(next) => setState({ active: next ?? '' })}
            clearable
            w={{ base: 'calc(50% - 6px)', sm: 130 }}
          />
        </Group>
        <DataTable
          label="Subscriptions"
          columns={subscriptionColumns({ webhooks, to, isNarrow: pathname !== to('subscriptions') })}
          list={list}
          rowId={(subscription) => subscription.id}
          openId={id}
          onOpen={(subscription) => void navigate(to('subscriptions', subscription.id) + query)}
          sort={sort}
          onSort={(next) => setState({ sort: next })}
          empty={
            isNarrowed ? (
              <EmptyState
                icon={IconSearchOff}
                title="No subscription matches"
                action={
                  <Button variant="default" onClick={() => setState(none)}>
                    Show all
                  </Button>
                }
              />
            ) : (
              <EmptyState icon={IconRoute} title="No subscriptions yet" action={add}>
                A subscription says which events go to which webhook: event types, and rules that their data
                must meet.
              </EmptyState>
            )
          }
        />
      </Beside>
    </Screen>
  );
}
