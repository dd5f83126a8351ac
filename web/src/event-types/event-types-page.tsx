import { Button, Group, Select } from '@mantine/core';
import { IconDownload, IconListDetails, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { Beside } from '../panel/beside.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { DataTable } from '../table/data-table.js';
import { SearchField } from '../table/search-field.js';
import { eventTypeColumns } from './event-type-columns.js';
import { isAbout, noCategory, useEventTypes } from './event-types.js';

/** The catalogue of an environment, by category, and beside it what the address names of it. */
export function Component(): React.ReactNode {
  const to = useLinks();
  const { name } = useParams();
  const navigate = useNavigate();
  const { search: query, pathname } = useLocation();
  const may = useMay();
  const [{ search, category }, setState] = useSearchState({ search: '', category: '' });
  const list = useEventTypes();
  const categories = [...new Set(list.rows.map((type) => type.category ?? noCategory))];
  const rows = list.rows.filter(
    (type) => isAbout(type, search) && (category === '' || (type.category ?? noCategory) === category),
  );
  return (
    <Screen title="Event types" actions={may('configure') ? <Actions /> : null}>
      <Beside>
        <Group gap="sm">
          <SearchField
            label="Search event types"
            value={search}
            onChange={(text) => setState({ search: text })}
          />
          <Select
            aria-label="Category"
            placeholder="Any category"
            data={categories}
            value={category === '' ? null : category}
            onChange={(next) => setState({ category: next ?? '' })}
            clearable
            searchable
            w={{ base: '100%', sm: 220 }}
          />
        </Group>
        <DataTable
          label="Event types"
          columns={eventTypeColumns(rows, pathname !== to('event-types'))}
          list={{ ...list, rows }}
          rowId={(type) => type.name}
          openId={name}
          onOpen={(type) => void navigate(to('event-types', type.name) + query)}
          empty={list.rows.length === 0 ? <NoneYet /> : <NoneFound />}
        />
      </Beside>
    </Screen>
  );
}

function Actions(): React.ReactNode {
  const to = useLinks();
  const { search } = useLocation();
  return (
    <>
      <Button
        component={Link}
        to={to('event-types', 'import') + search}
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        Import
      </Button>
      <Button
        component={Link}
        to={to('event-types', 'new') + search}
        leftSection={<IconPlus size={16} aria-hidden />}
      >
        New
      </Button>
    </>
  );
}

function NoneYet(): React.ReactNode {
  const to = useLinks();
  const may = useMay();
  return (
    <EmptyState
      icon={IconListDetails}
      title="No event types yet"
      action={
        may('configure') ? (
          <Group mt="xs">
            <Button component={Link} to={to('event-types', 'import')}>
              Import a catalogue
            </Button>
            <Button component={Link} to={to('event-types', 'new')} variant="default">
              Make one
            </Button>
          </Group>
        ) : null
      }
    >
      An event type names something that happens, such as an order that was paid. Webhooks subscribe to event
      types. Begin with a catalogue that comes with Postrider, or make your own.
    </EmptyState>
  );
}

function NoneFound(): React.ReactNode {
  return (
    <EmptyState icon={IconSearchOff} title="No event type matches">
      Search looks at names, labels, categories and descriptions.
    </EmptyState>
  );
}
