import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settings } from '../../src/config/environment.js';
import { freePort } from '../../src/stack/free-ports.js';
import { sandboxKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';
import type { Loose } from '../support/api.js';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

describe('the first webhook of the README', () => {
  const [, section = ''] = readme.split('## A first webhook\n');
  const [first = ''] = section.split('\n## ');
  const [key = '', receiver = '', ...calls] = [...first.matchAll(/```sh\n(.*?)```/gs)].map(
    ([, script]) => script ?? '',
  );
  let postrider: TestPostrider;
  let port: number;
  let listening: ChildProcess;
  let printed = '';

  beforeAll(async () => {
    postrider = await startTestPostrider();
    port = await freePort();
    listening = spawn('bash', ['-c', `exec ${receiver.replace('9000', String(port))}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    listening.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await waitFor('the receiver', async () => listens(port));
  });

  afterAll(async () => {
    listening.kill();
    await once(listening, 'exit');
    await postrider.stop();
  });

  /** Runs a step as a reader would, and gives the JSON that it prints. */
  async function run(script: string): Promise<Loose> {
    const real = script
      .replaceAll('http://localhost:8400', postrider.url)
      .replaceAll('localhost:9000', `localhost:${port}`);
    const shell = spawn('bash', ['-euc', real], { env: { ...process.env, KEY: sandboxKey } });
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(shell, 'close');
    return JSON.parse(output) as unknown;
  }

  it('works step by step', async () => {
    expect(key).toContain('.postrider/keys.json');
    const [eventType = '', webhook = '', event = '', deliveries = '', ...others] = calls;
    expect(others).toEqual([]);
    expect(await run(eventType)).toMatchObject({ name: 'invoice.paid' });
    expect(await run(webhook)).toMatchObject({ signingSecret: expect.stringMatching(/^whsec_/) });
    const published = await run(event);
    expect(published).toMatchObject({ duplicate: false, deliveries: [{ status: 'pending' }] });
    await postrider.over(published.deliveries[0].id);
    expect(await run(deliveries)).toMatchObject({
      data: [{ status: 'succeeded', eventType: 'invoice.paid' }],
    });
    await waitFor('what the receiver prints', () => printed.endsWith('}'));
    expect(JSON.parse(printed)).toMatchObject({ id: published.id, data: { invoice: 'INV-7', total: 12.5 } });
  });
});

describe('the README', () => {
  it('lists every setting, and no other', () => {
    const [, table = ''] = readme.split('## Settings\n');
    const listed = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(settings));
  });

  it('links to every page, and to none that is not there', () => {
    const linked = new Set([...readme.matchAll(/\]\((docs\/[^)#]+)/g)].map(([, path]) => path));
    const pages = readdirSync(new URL('docs/', root), { recursive: true })
      .map((name) => `docs/${String(name)}`)
      .filter((name) => name.endsWith('.md'));
    expect([...linked].toSorted()).toEqual(pages.toSorted());
  });
});

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
