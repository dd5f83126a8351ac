import { Skeleton } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import type { FilterField } from './filter-field.js';
import type { TimeRange } from './time-range.js';

const FilterBarContent = lazy(async () => import('./filter-bar-content.js'));

/** What a `FilterBar` takes. */
export interface FilterBarProps {
  fields: readonly FilterField[];
  /** By the fields' names; empty where one does not hold. */
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
  onClear: () => void;
  range: { value: TimeRange; onChange: (range: TimeRange) => void };
  /** What stands at the end. */
  children?: ReactNode;
}

/** The filters of a list: its range of time, the others as chips, and a menu of those that can be added. Rows do not wait for it. */
export function FilterBar(props: FilterBarProps): ReactNode {
  return (
    <Suspense fallback={<Skeleton height={36} />}>
      <FilterBarContent {...props} />
    </Suspense>
  );
}
