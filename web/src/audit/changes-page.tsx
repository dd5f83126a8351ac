import { Button } from '@mantine/core';
import { IconFilterOff, IconHistory } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import type { ListQuery } from '../api/schemas.js';
import { FilterBar } from '../monitor/filter-bar.js';
import type { FilterField } from '../monitor/filter-field.js';
import { useFilterState } from '../monitor/filter-state.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { DataTable } from '../table/data-table.js';
import { useList } from '../table/list.js';
import { changeColumns } from './change-columns.js';
import { actions, resources } from './words.js';

const choicesOf = (words: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** What the API narrows the audit log by, time aside. */
const fields: readonly FilterField[] = [
  { name: 'resource', label: 'What', choices: choicesOf(resources) },
  { name: 'action', label: 'Done to it', choices: choicesOf(actions) },
  { name: 'resourceId', label: 'Id or name' },
];

/** Who changed what, the newest first, each change with what was before and after. */
export function Component(): ReactNode {
  const to = useLinks();
  const filter = useFilterState(fields);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const list = useList(['audit', filter.query], async (page, signal) => {
    const query = { ...filter.query, ...page } as ListQuery<'/v1/audit'>;
    return dataOf(api.GET('/v1/audit', { params: { query }, signal }));
  });
  const toggle = (id: string): void =>
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  return (
    <Screen title="Changes">
      <FilterBar
        fields={fields}
        values={filter.values}
        onChange={filter.set}
        onClear={filter.clear}
        range={{ value: filter.range, onChange: filter.setRange }}
      />
      <div style={{ height: 16, flex: 'none' }} />
      <DataTable
        label="Changes"
        columns={changeColumns({ to, opened, toggle })}
        list={list}
        rowId={(entry) => entry.id}
        empty={
          filter.isFiltered ? (
            <EmptyState
              icon={IconFilterOff}
              title="No change matches"
              action={
                <Button variant="default" onClick={filter.clear}>
                  Clear filters
                </Button>
              }
            />
          ) : (
            <EmptyState icon={IconHistory} title="Nothing was changed yet">
              Who makes, changes or deletes anything here or through the API is recorded, with what was before
              and after.
            </EmptyState>
          )
        }
      />
    </Screen>
  );
}
