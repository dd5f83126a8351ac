import { diffLines } from 'diff';

/** A line of two texts side by side: null where one of them has none there. */
export interface LineRow {
  left: string | null;
  right: string | null;
}

/** Longer than this it is not worth finding what two texts have in common, in ms. */
const longestMs = 500;

/** Lines of two texts side by side: those that they have in common beside each other, then those that one has alone. */
export function lineRows(left: string, right: string): LineRow[] {
  const parts = diffLines(`${left}\n`, `${right}\n`, { timeout: longestMs });
  if (!parts) return pairOf(linesOf(left), linesOf(right));
  const rows: LineRow[] = [];
  let removed: string[] = [];
  for (const { value, added, removed: isRemoved } of parts) {
    const lines = linesOf(value);
    if (isRemoved) removed = lines;
    else if (added) {
      rows.push(...pairOf(removed, lines));
      removed = [];
    } else {
      rows.push(...pairOf(removed, []), ...lines.map((line) => ({ left: line, right: line })));
      removed = [];
    }
  }
  return [...rows, ...pairOf(removed, [])];
}

function pairOf(left: readonly string[], right: readonly string[]): LineRow[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    left: left[index] ?? null,
    right: right[index] ?? null,
  }));
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** Rows that are shown, or how many that are the same on both sides are left out in their place. */
export type Shown = LineRow | { skipped: number };

/** So many lines around a difference say where it is. */
const around = 2;

/** The rows that differ and those around them. */
export function differingRows(rows: readonly LineRow[]): Shown[] {
  const isNear = rows.map((_, index) =>
    rows.slice(Math.max(0, index - around), index + around + 1).some(({ left, right }) => left !== right),
  );
  const shown: Shown[] = [];
  for (const [index, row] of rows.entries()) {
    const last = shown.at(-1);
    if (isNear[index]) shown.push(row);
    else if (last && 'skipped' in last) last.skipped += 1;
    else shown.push({ skipped: 1 });
  }
  return shown;
}
