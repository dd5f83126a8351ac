import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A command to run to its end. */
export interface Command {
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Added to our own environment. */
  env?: Readonly<Record<string, string>>;
  /** After so many milliseconds it is ended. */
  limitMs: number;
  /** It is also ended when this directory does not grow for `limitMs`: a download that hangs. */
  growing?: { directory: string; limitMs: number };
  /** Told every 15 s how far it is, such as `30 s, 12 MB`. */
  progress?: (howFar: string) => void;
  signal?: AbortSignal | undefined;
}

const tickMs = 1_000;
const reportEveryMs = 15_000;
const tailLength = 2_000;

/** Runs a command and gives its standard output; rejects with the end of what it printed when it fails. */
export async function runCommand(options: Command): Promise<string> {
  const { command, args, cwd, env, signal } = options;
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Commands that start others, as `go` does, end those when they are interrupted.
    ...(signal ? { signal, killSignal: 'SIGINT' as const } : {}),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-tailLength)));

  let ended: string | undefined;
  const watch = watchProgress(options, (why) => {
    ended = why;
    child.kill('SIGKILL');
  });
  try {
    const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? signal));
    });
    if (ended !== undefined) throw new Error(ended);
    if (code !== 0)
      throw new Error(`${command} ended with ${code}: ${errors.trim() || output.slice(-tailLength).trim()}`);
    return output;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`${command} cannot be found`, { cause: error });
    throw error;
  } finally {
    clearInterval(watch);
  }
}

function watchProgress(options: Command, end: (why: string) => void): NodeJS.Timeout {
  const started = Date.now();
  let reportAt = started + reportEveryMs;
  let size = 0;
  let grewAt = started;
  const look = async (): Promise<void> => {
    const { growing, limitMs, progress } = options;
    const now = Date.now();
    const seconds = Math.round((now - started) / 1_000);
    const bytes = growing ? await sizeOf(growing.directory) : 0;
    if (bytes > size) [size, grewAt] = [bytes, now];
    if (growing && now - grewAt > growing.limitMs) end(`nothing arrived for ${growing.limitMs / 1_000} s`);
    if (now - started > limitMs) end(`not done after ${limitMs / 1_000} s`);
    if (now < reportAt) return;
    reportAt += reportEveryMs;
    progress?.(growing ? `${seconds} s, ${Math.round(bytes / 1e6)} MB` : `${seconds} s`);
  };
  return setInterval(() => void look(), tickMs);
}

/** Bytes of all files under a directory; what vanishes meanwhile counts nothing. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
