import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** One process for all time: a pid alone is given to another process sooner or later. */
export const ProcessIdentity = z.strictObject({
  pid: z.int().positive(),
  /** When it began, in the system's own words: only ever compared. */
  began: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

const pollMs = 50;

/** The process that has this pid now; undefined when there is none, or only its remains wait for their parent. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const began = process.platform === 'linux' ? beganOnLinux(pid) : beganByPs(pid);
  return began === undefined ? undefined : { pid, began };
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.began === identity.began;
}

/** Asks a process to end (SIGTERM), waits for it at most `patienceMs`, then ends it (SIGKILL). */
export async function endProcess(identity: ProcessIdentity, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  sendSignal(identity, 'SIGTERM');
  while (isRunning(identity) && Date.now() < deadline) await sleep(pollMs);
  sendSignal(identity, 'SIGKILL');
  while (isRunning(identity)) await sleep(pollMs);
}

/** Signals that very process, where it still runs. */
export function sendSignal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** proc(5): the fields after the command's closing bracket; the 3rd of all is the state, the 22nd the start in ticks. */
function beganOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (isGone(fields[0])) return undefined;
    // Ticks count from boot, so the boot belongs to them.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function beganByPs(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const [state, ...start] = line.trim().split(/\s+/);
    return isGone(state) ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}

function isGone(state: string | undefined): boolean {
  return state === undefined || /^[ZX]/.test(state);
}
