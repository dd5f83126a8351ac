import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { identityOf, isRunning, ProcessIdentity } from './process-identity.js';

const Owner = z.strictObject({ process: ProcessIdentity, id: z.string() });
type Owner = z.infer<typeof Owner>;

/** A lock that this process holds until it calls `release`, or ends in whatever way. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock at `path`, a file that names its owner; `{ heldBy }` when another has it. A lock whose owner
 * no longer runs is taken over at once. Works on one machine, on a file system with hard links.
 */
export function tryLock(path: string): Lock | { heldBy: ProcessIdentity } {
  const own: Owner = { process: ourselves(), id: randomUUID() };
  const draft = `${path}.${own.id}`;
  // A link appears whole or not at all, where a file that is opened and then written can be read empty.
  writeFileSync(draft, JSON.stringify(own));
  try {
    for (;;) {
      if (link(draft, path)) return { release: () => release(path, own) };
      const owner = ownerOf(path);
      if (!owner) continue;
      if (isRunning(owner.process)) return { heldBy: owner.process };
      takeFromDead(path, owner);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two may find the same dead owner: the one that holds the lock on its estate removes its file, and looks again
 * before it does, so that nobody removes the lock of the next owner.
 */
function takeFromDead(path: string, dead: Owner): void {
  const estate = tryLock(`${path}.${dead.id}.estate`);
  if ('heldBy' in estate) return;
  if (ownerOf(path)?.id === dead.id) {
    rmSync(path, { force: true });
  }
  estate.release();
}

function release(path: string, own: Owner): void {
  if (ownerOf(path)?.id === own.id) rmSync(path, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(path: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function ourselves(): ProcessIdentity {
  const identity = identityOf(process.pid);
  if (!identity) throw new Error('this process cannot be found in the process table: is `ps` installed?');
  return identity;
}
