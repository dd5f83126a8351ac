import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock, type Lock } from './lock.js';
import type { Download, Report, Tool } from './tool.js';

const waitMs = 500;

/** Where a download's command is, once it is whole. */
export function cachedPath(tool: Tool, download: Download, cacheDir: string): string {
  return join(cacheDir, download.directory, tool.command);
}

/**
 * Fetches a tool into the cache and gives its path. It is put together in a directory of its own, tried, and
 * only then given its name in the cache: what is there is whole.
 */
export async function fetchTool(
  tool: Tool,
  download: Download,
  cacheDir: string,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  const work = await mkdtemp(join(cacheDir, workPrefix(tool)));
  try {
    const [into, scratch] = [join(work, 'into'), join(work, 'scratch')];
    await mkdir(into);
    await mkdir(scratch);
    const progress = (howFar: string): void => report(`${tool.name}: ${download.name}, ${howFar}`);
    await download.fetch({ into, scratch, progress, signal });
    const made = join(into, tool.command);
    await chmod(made, 0o755);
    await tool.check(made);
    const place = join(cacheDir, download.directory);
    await rm(place, { recursive: true, force: true });
    await rename(into, place);
    return cachedPath(tool, download, cacheDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Waits until no other process fetches this tool, and removes what those that were killed left half done. */
export async function lockCache(
  tool: Tool,
  cacheDir: string,
  report: Report,
  signal?: AbortSignal,
): Promise<Lock> {
  let told: number | undefined;
  for (;;) {
    const lock = tryLock(join(cacheDir, `${tool.command}.lock`));
    if (!('heldBy' in lock)) {
      await removeLeftovers(tool, cacheDir);
      return lock;
    }
    const { pid } = lock.heldBy;
    if (pid !== told) report(`${tool.name}: process ${pid} is fetching it, waiting for that`);
    told = pid;
    await sleep(waitMs, undefined, { signal });
  }
}

async function removeLeftovers(tool: Tool, cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir);
  const leftovers = names.filter((name) => name.startsWith(workPrefix(tool)));
  await Promise.all(leftovers.map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

function workPrefix(tool: Tool): string {
  return `.${tool.command}.`;
}
