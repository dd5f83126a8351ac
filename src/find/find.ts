import type { Context } from '../context.js';
import type { Tenant } from '../models/tenant.js';
import type { Permission } from '../api/permissions.js';
import { eventFinders } from './by-content.js';
import { finderById } from './by-id.js';
import { nameFinders } from './by-name.js';
import { matches, type Found } from './found.js';

const most = 20;

/**
 * Whatever of an environment a text leads to: what has it as its id, key or correlation id, events whose data hold it,
 * and what has it in its name or URL. At most 20, the surest first; each once. `may` says what the caller may read.
 */
export async function findAnything(
  ctx: Context,
  tenant: Tenant,
  text: string,
  may: (permission: Permission) => boolean,
): Promise<Found[]> {
  const finders = [...finderById(text), ...eventFinders, ...nameFinders];
  const found = await Promise.all(
    finders.filter(({ permission }) => may(permission)).map(async (finder) => finder.find(ctx, tenant, text)),
  );
  const best = new Map<string, Found>();
  for (const one of found.flat().toSorted((a, b) => rank(a, text) - rank(b, text))) {
    const key = `${one.kind}/${one.id}`;
    if (!best.has(key)) best.set(key, one);
  }
  return [...best.values()].slice(0, most);
}

/** Lower is better: by what it was found, and of names the whole before its beginning before a part. */
function rank({ match, title, id }: Found, text: string): number {
  const name = title.toLowerCase();
  const wanted = text.toLowerCase();
  const closeness = name === wanted || id === text ? 0 : name.startsWith(wanted) ? 1 : 2;
  return matches.indexOf(match) + (match === 'name' ? closeness / 4 : 0);
}
