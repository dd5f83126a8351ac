/** The ranges of time that the overview shows: how long, and by which interval its charts count. */
export const ranges = {
  '24h': { label: '24 hours', hours: 24, interval: 'hour' },
  '7d': { label: '7 days', hours: 168, interval: 'hour' },
  '30d': { label: '30 days', hours: 720, interval: 'day' },
  '90d': { label: '90 days', hours: 2_160, interval: 'day' },
} as const;

export type Range = keyof typeof ranges;

/** A range by its name in the address; what is none counts as the last 24 hours. */
export function rangeOf(name: string): Range {
  return Object.hasOwn(ranges, name) ? (name as Range) : '24h';
}

/** The query that the API takes for a range up to now. */
export function queryOf(range: Range): { from: string; interval: 'hour' | 'day' } {
  const { hours, interval } = ranges[range];
  // The hour that is not over yet is one of them.
  return { from: new Date(Date.now() - (hours - 1) * 3_600_000).toISOString(), interval };
}
