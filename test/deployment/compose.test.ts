import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { buildConfig } from '../../src/config/config.js';
import { readEnvironment, settings } from '../../src/config/environment.js';

const Service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.coerce.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  restart: z.string(),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  volumes: z.array(z.string()).default([]),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
});

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docker-compose.yml', root), 'utf8');
const compose = Compose.parse(parse(text, { merge: true }));
const service = (name: string): z.infer<typeof Service> => Service.parse(compose.services[name]);

/** What .env.example asks for, by name; lines that are commented out are its optional settings. */
const example = readFileSync(new URL('.env.example', root), 'utf8');
const required = [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name ?? '');
const optional = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name ?? '');

const filledIn = Object.fromEntries(
  required.map((name) => {
    const hash = createHash('sha256').update(name);
    return [name, name === 'POSTRIDER_ENCRYPTION_KEYS' ? `k1:${hash.digest('base64')}` : hash.digest('hex')];
  }),
);

/** As compose does it: `${NAME:?message}` and `${NAME:-default}`. */
function interpolate(value: string): string {
  return value.replace(/\$\{([A-Z_]+):([?-])([^}]*)\}/g, (_match, name: string, kind, rest: string) => {
    const given = filledIn[name];
    if (given === undefined && kind === '?') throw new Error(`${name} ${rest}`);
    return given ?? rest;
  });
}

describe('docker-compose.yml', () => {
  it('is YAML without errors or warnings', () => {
    const { errors, warnings } = parseDocument(text, { merge: true });
    expect([...errors, ...warnings]).toEqual([]);
  });

  it.each(['api', 'worker'])(
    'gives the %s settings that Postrider reads, and all that the role needs',
    (role) => {
      const { environment } = service(role);
      expect(Object.keys(environment).filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
      const variables = Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, interpolate(value)]),
      );
      const config = buildConfig(readEnvironment(variables));
      expect(config.role).toBe(role);
      expect(config.temporal.address).toBe('temporal:7233');
      expect(config.mongodb.uri?.reveal()).toMatch(
        /^mongodb:\/\/postrider:\w{64}@mongodb:27017\/postrider\?/,
      );
      expect(Object.values(config.keys)).not.toContain(undefined);
      expect(config.egress.allow).toEqual([]);
    },
  );

  it('asks for exactly the secrets that .env.example lists, and knows its optional settings', () => {
    const asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name ?? '');
    const known = [...text.matchAll(/\$\{([A-Z_]+):-/g)].map(([, name]) => name ?? '');
    expect([...new Set(asked)].toSorted()).toEqual(required.toSorted());
    expect([...new Set(known)].toSorted()).toEqual(optional.toSorted());
  });

  it('looks after the health of all that stays up, and waits for it where it is needed', () => {
    for (const [name, { healthcheck, restart }] of Object.entries(compose.services)) {
      const stays = restart === 'unless-stopped';
      expect({ name, healthcheck: healthcheck !== undefined }).toEqual({ name, healthcheck: stays });
    }
    for (const [name, { depends_on: needs }] of Object.entries(compose.services)) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const stays = service(needed).restart === 'unless-stopped';
        const expected = stays ? 'service_healthy' : 'service_completed_successfully';
        expect({ name, needed, condition }).toEqual({ name, needed, condition: expected });
      }
    }
  });

  it('keeps the data of both databases in named volumes', () => {
    const mounted = Object.values(compose.services).flatMap(({ volumes }) =>
      volumes.map((volume) => volume.split(':')[0]),
    );
    expect(mounted.toSorted()).toEqual(['mongodb', 'postgresql']);
    expect(Object.keys(compose.volumes).toSorted()).toEqual(['mongodb', 'postgresql']);
  });

  it('pins every image', () => {
    const images = Object.values(compose.services).map(({ image }) => image);
    expect(images.filter((image) => image !== 'postrider' && !/:\d/.test(image))).toEqual([]);
  });
});

describe('the image', () => {
  const dockerfile = readFileSync(new URL('Dockerfile', root), 'utf8');
  const ignored = readFileSync(new URL('.dockerignore', root), 'utf8');

  it('copies what is there and what .dockerignore lets through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, files]) => files?.split(' ') ?? [],
    );
    const through = [...ignored.matchAll(/^!(.+)$/gm)].map(([, file]) => file ?? '');
    expect([...new Set(copied)].toSorted()).toEqual(through.toSorted());
    expect(copied.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
  });

  it('does not run as root, and answers for its health', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('sets only what Postrider reads', () => {
    const [, set = ''] = /^ENV (.+)$/m.exec(dockerfile) ?? [];
    const names = set.split(' ').map((pair) => pair.split('=')[0] ?? '');
    expect(names.filter((name) => name !== 'NODE_ENV' && !Object.hasOwn(settings, name))).toEqual([]);
  });
});
