import { rm } from 'node:fs/promises';

/** Ends what the run started, and removes its data. */
export default async function globalTeardown() {
  const { stack, dataDir } = globalThis.__postriderTest;
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}
