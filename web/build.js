/** Builds the console into `dist/web`, unless what is there was built from the same. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const web = fileURLToPath(new URL('.', import.meta.url));
const mark = fileURLToPath(new URL('../dist/web/.built-from', import.meta.url));

/** What the console takes of the server's own code: the filters, so that a try-out cannot differ. */
async function filterEngine() {
  const folder = join(web, '../src/filter');
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

/** A hash of everything that the build reads: the sources, and the versions of what they import. */
async function fingerprint() {
  const hash = createHash('sha256');
  const entries = await readdir(web, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files.sort(), ...(await filterEngine()), join(web, '../package-lock.json')]) {
    hash
      .update(relative(web, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}

const sources = await fingerprint();
if ((await readFile(mark, 'utf8').catch(() => '')) !== sources) {
  await build({ configFile: join(web, 'vite.config.js'), logLevel: 'warn' });
  await writeFile(mark, sources);
}
