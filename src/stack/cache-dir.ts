import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where what was built or downloaded is kept when no setting says otherwise: `postrider` in the user's cache
 * directory (`XDG_CACHE_HOME`, `~/.cache` without it).
 */
export function defaultCacheDir(): string {
  // XDG Base Directory Specification: a variable that is empty counts as not set.
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'postrider');
}
