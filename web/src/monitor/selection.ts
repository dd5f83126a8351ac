import { useCallback, useState } from 'react';

/** The most that one replay takes by hand. */
export const mostSelected = 1_000;

type IdAt = (index: number) => string | undefined;

/** Rows that were picked. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** Picks a row or lets it go; with `range`, all between it and the one before. */
  toggle: (idAt: IdAt, index: number, range: boolean) => void;
  /** Picks all of these, as far as there is room. */
  pick: (ids: readonly string[]) => void;
  clear: () => void;
}

/** Picks rows by their ids, which a feed knows for rows out of memory too. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | undefined>(undefined);
  return {
    ids,
    toggle: (idAt, index, range) => {
      const id = idAt(index);
      if (id === undefined) return;
      const picked = range ? between(idAt, anchor, index) : [id];
      const on = range || !ids.has(id);
      setAnchor(id);
      setIds((before) => {
        const after = new Set(before);
        for (const each of picked) {
          if (!on) after.delete(each);
          else if (after.size < mostSelected) after.add(each);
        }
        return after;
      });
    },
    pick: (wanted) => setIds(new Set(wanted.slice(0, mostSelected))),
    clear: useCallback(() => setIds(new Set()), []),
  };
}

function between(idAt: IdAt, anchor: string | undefined, index: number): string[] {
  const ids: string[] = [];
  let anchorIndex = index;
  for (let at = 0; idAt(at) !== undefined; at += 1) if (idAt(at) === anchor) anchorIndex = at;
  for (let at = Math.min(anchorIndex, index); at <= Math.max(anchorIndex, index); at += 1) {
    const id = idAt(at);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}
