import { Button } from '@mantine/core';
import { IconArrowDownLeft, IconFilterOff } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import type { ListQuery, Schema } from '../api/schemas.js';
import { Beside } from '../panel/beside.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { FeedTable } from './feed-table.js';
import { useFeed, type FeedSource } from './feed.js';
import { FilterBar } from './filter-bar.js';
import type { FilterField } from './filter-field.js';
import { useFilterState } from './filter-state.js';
import { LiveSwitch } from './live-switch.js';
import { receivedLook } from './received-look.js';

type Received = Schema<'Received'>;

/** What the API narrows received requests by, time aside. */
const fields: readonly FilterField[] = [
  { name: 'sourceId', label: 'Source', choices: 'sources' },
  {
    name: 'verified',
    label: 'Verified',
    choices: [
      { value: 'true', label: 'yes' },
      { value: 'false', label: 'no' },
    ],
  },
  { name: 'search', label: 'Text in it' },
  { name: 'eventId', label: 'Event id' },
  { name: 'deliveryId', label: 'Delivery id' },
];

/** What arrived at the sources of an environment, and beside it the request that the address names. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { id } = useParams();
  const navigate = useNavigate();
  const { search } = useLocation();
  const filter = useFilterState(fields);
  const [live, setLive] = useState(true);
  const [atTop, setAtTop] = useState(true);
  const feed = useFeed(useReceived(filter.query), { live, follow: atTop });
  useEffect(() => void import('./received-panel.js'), []);
  return (
    <Screen title="Received" actions={<LiveSwitch live={live} onChange={setLive} />}>
      <Beside>
        <FilterBar
          fields={fields}
          values={filter.values}
          onChange={filter.set}
          onClear={filter.clear}
          range={{ value: filter.range, onChange: filter.setRange }}
        />
        <FeedTable
          label="Received requests"
          look={receivedLook}
          feed={feed}
          nameOf={({ method, sourceName }) => `${method} to ${sourceName ?? 'a source that is gone'}`}
          openId={id}
          onOpen={(opened) => void navigate(to('received', opened) + search)}
          onClose={() => void navigate(to('received') + search)}
          onAtTop={setAtTop}
          empty={
            filter.isFiltered ? (
              <EmptyState
                icon={IconFilterOff}
                title="No request matches"
                action={
                  <Button variant="default" onClick={filter.clear}>
                    Clear filters
                  </Button>
                }
              />
            ) : (
              <EmptyState
                icon={IconArrowDownLeft}
                title="Nothing has arrived yet"
                action={
                  <Button component={Link} to={to('sources')}>
                    Go to sources
                  </Button>
                }
              >
                A source is a URL that others call, such as a callback of a receiver. Whatever is sent to one
                appears here at once.
              </EmptyState>
            )
          }
        />
      </Beside>
    </Screen>
  );
}

function useReceived(filter: Readonly<Record<string, string>>): FeedSource<Received> {
  const key = JSON.stringify(filter);
  return useMemo(
    () => ({
      key: ['received', 'feed', key],
      read: async (page, signal) => {
        const query = { ...page, ...(JSON.parse(key) as ListQuery<'/v1/received'>) };
        if (page.to !== undefined) query.to = page.to;
        return dataOf(
          api.GET('/v1/received', { params: { query }, ...(signal === undefined ? {} : { signal }) }),
        );
      },
      idOf: (row) => row.id,
      timeOf: (row) => row.receivedAt,
      isOpen: () => false,
    }),
    [key],
  );
}
