/** Writes the API's contract as TypeScript into `web/generated`, from the routes as they were compiled into `dist`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTypescript from 'openapi-typescript';
import { openapiDocument } from '../dist/api/openapi.js';
import { routes } from '../dist/api/routes.js';

const folder = new URL('./generated/', import.meta.url);
const file = new URL('contract.d.ts', folder);

const contract = await openapiTypescript(JSON.parse(JSON.stringify(openapiDocument(routes, undefined))));
const before = await readFile(file, 'utf8').catch(() => '');
if (contract !== before) {
  await mkdir(folder, { recursive: true });
  await writeFile(file, contract);
}
