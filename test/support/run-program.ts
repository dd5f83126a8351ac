import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs the built program with these arguments and settings until it ends by itself, and gives its exit code and what it printed. */
export async function runProgram(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; text: string }> {
  const variables = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: variables, timeout: 100_000 },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, text: out + err });
      },
    );
  });
}
