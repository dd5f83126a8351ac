import { Button } from '@mantine/core';
import { IconBolt, IconFilterOff } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import type { ListQuery, Schema } from '../api/schemas.js';
import { FeedTable } from '../monitor/feed-table.js';
import { useFeed, type FeedSource } from '../monitor/feed.js';
import { FilterBar } from '../monitor/filter-bar.js';
import type { FilterField } from '../monitor/filter-field.js';
import { useFilterState } from '../monitor/filter-state.js';
import { LiveSwitch } from '../monitor/live-switch.js';
import { Beside } from '../panel/beside.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { eventLook } from './event-look.js';

type EventRow = Schema<'EventRow'>;

/** What the API narrows events by, time aside. */
const fields: readonly FilterField[] = [
  { name: 'type', label: 'Event type', choices: 'eventTypes', free: true },
  { name: 'idempotencyKey', label: 'Idempotency key' },
  { name: 'correlationId', label: 'Correlation id' },
];

/** The events of an environment, as they are published, and beside them the one that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { id } = useParams();
  const navigate = useNavigate();
  const { search } = useLocation();
  const filter = useFilterState(fields);
  const [live, setLive] = useState(true);
  const [atTop, setAtTop] = useState(true);
  const feed = useFeed(useEvents(filter.query), { live, follow: atTop });
  useEffect(() => void import('./event-panel.js'), []);
  return (
    <Screen title="Events" actions={<LiveSwitch live={live} onChange={setLive} />}>
      <Beside>
        <FilterBar
          fields={fields}
          values={filter.values}
          onChange={filter.set}
          onClear={filter.clear}
          range={{ value: filter.range, onChange: filter.setRange }}
        />
        <FeedTable
          label="Events"
          look={eventLook}
          feed={feed}
          nameOf={({ type }) => type}
          openId={id}
          onOpen={(opened) => void navigate(to('events', opened) + search)}
          onClose={() => void navigate(to('events') + search)}
          onAtTop={setAtTop}
          empty={
            filter.isFiltered ? (
              <EmptyState
                icon={IconFilterOff}
                title="No event matches"
                action={
                  <Button variant="default" onClick={filter.clear}>
                    Clear filters
                  </Button>
                }
              >
                Then nobody has published it: check the type and the range of time, and that it went to this
                environment.
              </EmptyState>
            ) : (
              <EmptyState
                icon={IconBolt}
                title="No events yet"
                action={
                  <Button component={Link} to={to('event-types')}>
                    Publish one from its sample
                  </Button>
                }
              >
                What your services publish appears here at once, and where each event went.
              </EmptyState>
            )
          }
        />
      </Beside>
    </Screen>
  );
}

function useEvents(filter: Readonly<Record<string, string>>): FeedSource<EventRow> {
  const key = JSON.stringify(filter);
  return useMemo(
    () => ({
      key: ['events', 'feed', key],
      read: async (page, signal) => {
        const query: ListQuery<'/v1/events'> = { ...page, ...(JSON.parse(key) as object), data: 'false' };
        if (page.to !== undefined) query.to = page.to;
        return dataOf(
          api.GET('/v1/events', { params: { query }, ...(signal === undefined ? {} : { signal }) }),
        );
      },
      idOf: (row) => row.id,
      timeOf: (row) => row.createdAt,
      isOpen: ({ deliveries }) =>
        ['pending', 'delivering', 'waiting'].some((status) => (deliveries[status] ?? 0) > 0),
    }),
    [key],
  );
}
