import { useMemo } from 'react';
import { useSearchState } from '../address/search-state.js';
import type { FilterField } from './filter-field.js';
import { allOfTime, endsOf, type TimeRange } from './time-range.js';

/** The filters of a list as the address has them, ready for a `FilterBar` and for the API. */
export interface FilterState {
  values: Readonly<Record<string, string>>;
  range: TimeRange;
  /** As the API takes them: what is empty is left out. */
  query: Readonly<Record<string, string>>;
  isFiltered: boolean;
  set: (name: string, value: string) => void;
  setRange: (range: TimeRange) => void;
  clear: () => void;
}

/** Keeps the filters of a list in the address. A quick range of time begins when it is chosen, and does not move by itself. */
export function useFilterState(fields: readonly FilterField[]): FilterState {
  const none = useMemo(
    (): Record<string, string> => ({
      ...Object.fromEntries(fields.map(({ name }) => [name, ''])),
      ...allOfTime,
    }),
    [fields],
  );
  const [state, setState] = useSearchState(none);
  const { range = '', from = '', to = '' } = state;
  const ends = useMemo(() => endsOf({ range, from, to }), [range, from, to]);
  const values = Object.fromEntries(fields.map(({ name }) => [name, state[name] ?? '']));
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return {
    values,
    range: { range, from, to },
    query: { ...Object.fromEntries(given), ...ends },
    isFiltered: given.length > 0 || Object.keys(ends).length > 0,
    set: (name, value) => setState({ [name]: value }),
    setRange: (next) => setState({ ...next }),
    clear: () => setState(none),
  };
}
