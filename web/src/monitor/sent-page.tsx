import { Button, Text } from '@mantine/core';
import { IconArrowUpRight, IconFilterOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import type { ListQuery, Schema } from '../api/schemas.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { FeedTable } from './feed-table.js';
import { useFeed, type FeedSource } from './feed.js';
import { FilterBar } from './filter-bar.js';
import { useFilterState } from './filter-state.js';
import { LiveSwitch } from './live-switch.js';
import { useSelection } from './selection.js';
import { sentFilters } from './sent-filters.js';
import { deliveryName, sentLook } from './sent-look.js';

type Delivery = Schema<'Delivery'>;

const ReplayBar = lazy(async () => ({ default: (await import('../replays/replay-bar.js')).ReplayBar }));

/** What was sent: the deliveries of an environment, as they come, and beside them the one that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const may = useMay();
  const { id } = useParams();
  const navigate = useNavigate();
  const { search } = useLocation();
  const filter = useFilterState(sentFilters);
  const [live, setLive] = useState(true);
  const [atTop, setAtTop] = useState(true);
  const source = useDeliveries(filter.query);
  const selection = useSelection();
  // What is picked stays where it is.
  const feed = useFeed(source, { live, follow: atTop && selection.ids.size === 0 });
  const mayReplay = may('operate');
  const { clear } = selection;
  const filterKey = JSON.stringify(filter.query);
  useEffect(clear, [clear, filterKey]);
  useEffect(() => void import('../deliveries/delivery-panel.js'), []);
  return (
    <Screen title="Sent" actions={<LiveSwitch live={live} onChange={setLive} />}>
      <Beside>
        <FilterBar
          fields={sentFilters}
          values={filter.values}
          onChange={filter.set}
          onClear={filter.clear}
          range={{ value: filter.range, onChange: filter.setRange }}
        >
          {mayReplay ? (
            <Suspense>
              <ReplayBar selection={selection} filter={filter.query} />
            </Suspense>
          ) : null}
        </FilterBar>
        <FeedTable
          label="Deliveries"
          look={sentLook}
          feed={feed}
          nameOf={deliveryName}
          openId={id}
          onOpen={(opened) => void navigate(to('sent', opened) + search)}
          onClose={() => void navigate(to('sent') + search)}
          {...(mayReplay ? { selection } : {})}
          onAtTop={setAtTop}
          empty={
            filter.isFiltered ? (
              <EmptyState
                icon={IconFilterOff}
                title="No delivery matches"
                action={
                  <Button variant="default" onClick={filter.clear}>
                    Clear filters
                  </Button>
                }
              >
                New ones that match appear here by themselves.
              </EmptyState>
            ) : (
              <EmptyState
                icon={IconArrowUpRight}
                title="Nothing was sent yet"
                action={
                  <Button component={Link} to={to('event-types')}>
                    Publish an event
                  </Button>
                }
              >
                Each event goes to the webhooks that subscribe to its type: every such delivery appears here
                at once, with all of its attempts.{' '}
                <Text span inherit c="dimmed">
                  No webhook yet? Register one first.
                </Text>
              </EmptyState>
            )
          }
        />
      </Beside>
    </Screen>
  );
}

function useDeliveries(filter: Readonly<Record<string, string>>): FeedSource<Delivery> {
  const key = JSON.stringify(filter);
  return useMemo(
    () => ({
      key: ['deliveries', 'feed', key],
      read: async (page, signal) => {
        const query = { ...page, ...(JSON.parse(key) as ListQuery<'/v1/deliveries'>) };
        if (page.to !== undefined) query.to = page.to;
        return dataOf(
          api.GET('/v1/deliveries', { params: { query }, ...(signal === undefined ? {} : { signal }) }),
        );
      },
      idOf: (row) => row.id,
      timeOf: (row) => row.createdAt,
      isOpen: ({ status }) => ['pending', 'delivering', 'waiting'].includes(status),
    }),
    [key],
  );
}
