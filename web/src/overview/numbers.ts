const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat();

/** A count: all digits as long as they are few, then as "12.4K". */
export function countText(count: number): string {
  return count < 100_000 ? whole.format(count) : compact.format(count);
}

/** A count that may be no more than was counted: "1,000+". */
export function boundedText(count: number, isComplete: boolean): string {
  return isComplete ? countText(count) : `${countText(count)}+`;
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 });

/** A rate from 0 to 1 as a percentage, rounded down: what failed once is never "100%". */
export function rateText(rate: number): string {
  return percent.format(Math.floor(rate * 10_000) / 10_000);
}
