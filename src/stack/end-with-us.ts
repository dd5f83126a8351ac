import { sendSignal, type ProcessIdentity } from './process-identity.js';

const ours = new Set<ProcessIdentity>();

// Nothing can be waited for here. SIGKILL costs no data: both parts journal what they have acknowledged.
process.on('exit', () => {
  for (const identity of ours) sendSignal(identity, 'SIGKILL');
});

/** Should our own process exit before `mayStay` is called, this one is killed first. Only a `kill -9` of ours leaves it behind. */
export function endWithUs(identity: ProcessIdentity): void {
  ours.add(identity);
}

/** Takes `endWithUs` back, for the very same object. */
export function mayStay(identity: ProcessIdentity): void {
  ours.delete(identity);
}
