/**
 * CPU time that this process has used, in milliseconds: what a computation costs, however many others want the
 * machine at the same time.
 */
export function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
