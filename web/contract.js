/**
 * Writes the API's contract as TypeScript into `web/generated`, from the routes as they were compiled into `dist`, and what
 * the error codes of attempts mean.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTypescript from 'openapi-typescript';
import { openapiDocument } from '../dist/api/openapi.js';
import { attemptErrorCodes } from '../dist/errors/codes.js';
import { routes } from '../dist/api/routes.js';

const folder = new URL('./generated/', import.meta.url);

const contract = await openapiTypescript(JSON.parse(JSON.stringify(openapiDocument(routes, undefined))));
await write('contract.d.ts', contract);
await write(
  'error-codes.ts',
  `export const attemptErrorCodes = ${JSON.stringify(attemptErrorCodes, null, 2)} as const;\n`,
);

/** A file that stays as it is is not written: what is built from it need not be built again. */
async function write(name, text) {
  const file = new URL(name, folder);
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await mkdir(folder, { recursive: true });
  await writeFile(file, text);
}
