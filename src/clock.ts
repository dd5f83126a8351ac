/**
 * What time it is for deliveries. Temporal's time-skipping server has a time of its own, so a test gives its
 * clock; everywhere else it is the machine's.
 */
export interface Clock {
  now(): Promise<Date> | Date;
}

export const systemClock: Clock = { now: () => new Date() };
