import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permissions, type Permission } from '../../src/api/permissions.js';
import { routes } from '../../src/api/routes.js';
import { roles, type Role } from '../../src/models/api-key.js';
import type { Api } from '../support/api.js';
import { rootKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

/** What the documentation promises of each role, apart from the code that decides. */
const promised: Record<Permission, readonly Role[]> = {
  public: roles,
  any: roles,
  root: [],
  keys: ['admin'],
  audit: ['admin'],
  configure: ['admin'],
  read: ['admin', 'operator', 'viewer'],
  history: ['admin', 'operator', 'publisher', 'viewer'],
  publish: ['admin', 'publisher'],
  operate: ['admin', 'operator'],
};

const table = Object.entries(permissions).map(([key, permission]) => {
  const [method, path] = key.split(' ') as [string, string];
  return { key, method, path: path.replace(/:\w+/g, 'not-there'), permission };
});

describe('the table of permissions', () => {
  it('has an entry for every route, and no entry without one', () => {
    expect(Object.keys(permissions).toSorted()).toEqual(routes.map(({ key }) => key).toSorted());
  });

  it('names each operation once', () => {
    const ids = routes.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('every call', () => {
  let postrider: TestPostrider;
  const clients = new Map<Role, Api>();

  beforeAll(async () => {
    postrider = await startTestApi();
    for (const role of roles) {
      const { key } = await postrider.api.make('/v1/api-keys', { name: role, role });
      clients.set(role, postrider.as(key));
    }
  });

  afterAll(async () => postrider.stop());

  // Nothing that is named is there, and no body is sent: what is let in does nothing.
  it.each(table)('$key: needs a key unless it is public', async ({ method, path, permission }) => {
    const answers = [
      await postrider.as(undefined).call(method, path),
      await postrider.as('x'.repeat(40)).call(method, path),
      await postrider.as(undefined, { authorization: 'Basic YTpi' }).call(method, path),
    ];
    for (const answer of answers) {
      if (permission === 'public') {
        // What is public may still find a call wanting: a sign-in without a key, a part that is away.
        expect([200, 204, 400, 422, 503]).toContain(answer.status);
      } else {
        problemOf(answer, 'unauthorized');
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
  });

  it.each(table.flatMap((row) => roles.map((role) => ({ ...row, role }))))(
    '$key as $role: allowed where $permission says so',
    async ({ method, path, permission, role }) => {
      const answer = await clients.get(role)?.call(method, path);
      if (!answer) throw new Error('no client');
      if (promised[permission].includes(role)) expect([401, 403]).not.toContain(answer.status);
      else problemOf(answer, 'forbidden');
      expect(answer.status).not.toBe(500);
    },
  );

  it.each(table)('$key: the root key may, for whom it names', async ({ method, path }) => {
    const tenant = { 'postrider-organization': 'org_default', 'postrider-environment': 'sandbox' };
    const answer = await postrider.as(rootKey, tenant).call(method, path);
    expect([401, 403, 500]).not.toContain(answer.status);
  });
});
