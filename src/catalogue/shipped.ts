import { fileURLToPath } from 'node:url';
import { loadCatalogues, type Catalogue } from './catalogue.js';

/** As far from `dist/catalogue` as it is from `src/catalogue`. */
const directory = fileURLToPath(new URL('../../catalogues/', import.meta.url));

let loaded: Promise<Map<string, Catalogue>> | undefined;

/** The catalogues that come with Postrider, by name; read once, since checking them takes a moment. */
export async function shippedCatalogues(): Promise<Map<string, Catalogue>> {
  loaded ??= loadCatalogues(directory);
  return loaded;
}
