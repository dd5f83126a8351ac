/** The ranges of time that one click chooses, up to now, in ms. */
export const quickRanges = {
  '15m': { label: 'Last 15 minutes', ms: 900_000 },
  '1h': { label: 'Last hour', ms: 3_600_000 },
  '24h': { label: 'Last 24 hours', ms: 86_400_000 },
  '7d': { label: 'Last 7 days', ms: 604_800_000 },
} as const;

export type QuickRange = keyof typeof quickRanges;

/** A range of time in the address: a quick one by its name, or its two ends (ISO 8601), each of which may be open (empty). */
export interface TimeRange {
  range: string;
  from: string;
  to: string;
}

/** The default of an address: all of the time. */
export const allOfTime = { range: '', from: '', to: '' };

/** The ends that the API takes. A quick range begins at a whole minute before now. */
export function endsOf({ range, from, to }: TimeRange, now = Date.now()): { from?: string; to?: string } {
  if (isQuick(range)) {
    const begin = now - quickRanges[range].ms;
    return { from: new Date(begin - (begin % 60_000)).toISOString() };
  }
  return { ...(isMoment(from) ? { from } : {}), ...(isMoment(to) ? { to } : {}) };
}

export function isQuick(range: string): range is QuickRange {
  return Object.hasOwn(quickRanges, range);
}

function isMoment(text: string): boolean {
  return text !== '' && !Number.isNaN(Date.parse(text));
}

const short = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

function say(at: string): string {
  return short.format(new Date(at));
}

/** A range in words. */
export function rangeLabel(given: TimeRange): string {
  if (isQuick(given.range)) return quickRanges[given.range].label;
  const { from, to } = endsOf(given);
  if (from !== undefined && to !== undefined) return `${say(from)} – ${say(to)}`;
  if (from !== undefined) return `Since ${say(from)}`;
  if (to !== undefined) return `Until ${say(to)}`;
  return 'All time';
}
