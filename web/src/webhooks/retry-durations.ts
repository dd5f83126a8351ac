const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as `5s`, `30m` or `2h`; undefined when it is none. */
export function durationMsOf(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim());
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : undefined;
}

/** A span in ms in the words of a schedule: "17 h 40 min 5 s". */
export function spanText(ms: number): string {
  const parts = [
    [Math.floor(ms / unitMs.d), 'd'],
    [Math.floor(ms / unitMs.h) % 24, 'h'],
    [Math.floor(ms / unitMs.m) % 60, 'min'],
    [Math.floor(ms / unitMs.s) % 60, 's'],
    [ms % 1_000, 'ms'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return told.length === 0 ? '0 s' : told.join(' ');
}

/** What a schedule comes to, in words. */
export function scheduleText(schedule: readonly string[]): string {
  if (schedule.length === 0) return 'One attempt; a failure is final.';
  const delays = schedule.map(durationMsOf);
  if (delays.includes(undefined)) return '';
  const sum = delays.reduce<number>((total, delay) => total + (delay ?? 0), 0);
  return `${schedule.length + 1} attempts, the last one ${spanText(sum)} after the first.`;
}
