import { access, constants, mkdir } from 'node:fs/promises';
import { reasonOf, StackError } from './stack-error.js';

/** Makes a directory where there is none; throws a `StackError` that names its setting when it cannot be written to. */
export async function usableDirectory(path: string, setting: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StackError(
      `${path} cannot be used: ${reasonOf(error)}\nSet ${setting} to a directory that can be written to.`,
      {
        cause: error,
      },
    );
  }
}
