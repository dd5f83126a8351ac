/**
 * Resolves once what has come meanwhile was read, by a process that may have been held up: that runs its timers first, and hears only
 * then of answers that came in time, and of connections that were closed.
 */
export async function allIsRead(): Promise<void> {
  // The event loop reads between any two rounds of these.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}
