import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cachedPath, fetchTool, lockCache } from './fetch-tool.js';
import { usableDirectory } from './usable-directory.js';
import { reasonOf, StackError } from './stack-error.js';
import type { Report, Tool } from './tool.js';

/** Where to look for a tool. */
export interface Search {
  /** The binary that a setting names: it is used or refused, nothing else is tried. */
  path?: string | undefined;
  cacheDir: string;
  report: Report;
  signal?: AbortSignal;
}

/**
 * The path of a tool that runs here: the binary that is named, the one on PATH, the one in the cache, or one that
 * is fetched now. Throws a `StackError` with what was tried and what to do when there is none.
 */
export async function findTool(tool: Tool, { path, cacheDir, report, signal }: Search): Promise<string> {
  if (path) return named(tool, path, report);
  const tried: string[] = [];
  const attempt = async (where: string, find: () => Promise<string>): Promise<string | undefined> => {
    try {
      const found = await find();
      report(`${tool.name}: ${await tool.check(found)}, ${where} (${found})`);
      return found;
    } catch (error) {
      signal?.throwIfAborted();
      tried.push(`${where}: ${reasonOf(error)}`);
      return undefined;
    }
  };
  const fromCache = async (): Promise<string | undefined> => {
    for (const download of tool.downloads) {
      const cached = cachedPath(tool, download, cacheDir);
      if (!(await allows(cached, constants.F_OK))) continue;
      const found = await attempt('in the cache', () => Promise.resolve(cached));
      if (found) return found;
    }
    return undefined;
  };

  const known = (await attempt('on PATH', () => onPath(tool.command))) ?? (await fromCache());
  if (known) return known;

  await usableDirectory(cacheDir, 'POSTRIDER_CACHE_DIR');
  const lock = await lockCache(tool, cacheDir, report, signal);
  try {
    // Another process may have fetched it while we waited.
    const cached = await fromCache();
    if (cached) return cached;
    for (const download of tool.downloads) {
      report(`${tool.name}: trying ${download.name}`);
      const found = await attempt(`from ${download.name}`, () =>
        fetchTool(tool, download, cacheDir, report, signal),
      );
      if (found) return found;
      report(`${tool.name}: ${tried.at(-1)}`);
    }
  } finally {
    lock.release();
  }
  const lines = [...new Set(tried)].map((line) => `  - ${line}`);
  throw new StackError([`${tool.name} was not found. Tried:`, ...lines, tool.advice].join('\n'));
}

async function named(tool: Tool, path: string, report: Report): Promise<string> {
  try {
    report(`${tool.name}: ${await tool.check(path)}, named by ${tool.setting} (${path})`);
    return path;
  } catch (error) {
    throw new StackError(
      `${tool.setting} names ${path}, which is of no use: ${reasonOf(error)}\n${tool.advice}`,
      {
        cause: error,
      },
    );
  }
}

async function onPath(command: string): Promise<string> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(directory, command);
    if (await allows(path, constants.X_OK)) return path;
  }
  throw new Error(`no ${command} there`);
}

async function allows(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
