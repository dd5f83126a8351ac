import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkerApp } from '../../src/api/worker-app.js';
import { consoleRouter } from '../../src/console/router.js';
import { startTestApi } from '../api/api-process.js';
import type { TestPostrider } from '../support/postrider.js';

let postrider: TestPostrider;

beforeAll(async () => {
  postrider = await startTestApi();
});

afterAll(async () => postrider.stop());

async function get(path: string, base = postrider.url): Promise<{ answer: Response; text: string }> {
  const answer = await fetch(base + path, { redirect: 'manual' });
  return { answer, text: await answer.text() };
}

/** Serves an application for as long as `use` takes. */
async function serving(app: express.Express, use: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

/** The address of the script that the page loads. */
async function scriptOf(page: string): Promise<string> {
  const { text } = await get(page);
  return /<script [^>]*src="(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? 'no script';
}

describe('the page of the console', () => {
  it.each(['/', '/sign-in', '/sandbox', '/sandbox/webhooks/wh_1?search=a', '/production/a/b/c'])(
    'is served at %s, asked for again each time',
    async (path) => {
      const { answer, text } = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(text).toContain('<div id="root">');
    },
  );

  it('lets in no script but its own, and can be framed by nobody', async () => {
    const { answer, text } = await get('/sandbox/overview');
    const policy = answer.headers.get('content-security-policy') ?? '';
    const directives = new Map(policy.split(';').map((each) => each.split(/ (.*)/s) as [string, string]));
    expect(directives.get('script-src')).toBe("'self'");
    expect(directives.get('default-src')).toBe("'self'");
    expect(directives.get('object-src')).toBe("'none'");
    expect(directives.get('base-uri')).toBe("'none'");
    expect(directives.get('frame-ancestors')).toBe("'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(text).not.toMatch(/\son\w+=/);
  });

  it('loads files whose names change with them, so they are kept for good, and compressed', async () => {
    const { answer } = await get(await scriptOf('/'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/javascript/);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).not.toBeNull();
  });

  it('is not what a file that is not there is answered with', async () => {
    for (const path of ['/assets/gone-12345678.js', '/assets/', '/assets/../../package.json']) {
      const { answer, text } = await get(path);
      expect(answer.status).toBe(404);
      expect(text).not.toContain('<div id="root">');
    }
  });

  it('says how to build it where it is not built', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'postrider-console-'));
    const app = express().use(consoleRouter(empty));
    await serving(app, async (url) => {
      const { answer, text } = await get('/sandbox/overview', url);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(text).toContain('npm run build');
    });
    await rm(empty, { recursive: true });
  });
});

describe('beside the console', () => {
  it.each(['/v1/nothing', '/v1', '/sandboxes', '/nothing'])('%s stays a problem document', async (path) => {
    const { answer, text } = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(text)).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('only reads are pages', async () => {
    const answer = await fetch(`${postrider.url}/sandbox/overview`, { method: 'POST' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('a worker that runs apart serves no page', async () => {
    await serving(createWorkerApp(postrider.ctx), async (url) => {
      for (const path of ['/', '/sign-in', '/sandbox/overview', await scriptOf('/')]) {
        const { answer, text } = await get(path, url);
        expect(answer.status).toBe(404);
        expect(JSON.parse(text)).toMatchObject({ code: 'not_found' });
      }
    });
  });
});
