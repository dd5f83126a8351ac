import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../src/cli/command.js';
import { settings } from '../../src/config/environment.js';
import { runProgram } from '../support/run-program.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postrider-cli-'));
});

afterAll(async () => rm(directory, { recursive: true, force: true }));

async function run(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  return runProgram(args, { POSTRIDER_DATA_DIR: directory, ...env });
}

describe('the command line', () => {
  it('lists every setting, with its variable', async () => {
    const { code, text } = await run(['--help']);
    expect(code).toBe(0);
    for (const name of Object.keys(settings)) {
      const option = `--${name
        .replace(/^POSTRIDER_/, '')
        .toLowerCase()
        .replaceAll('_', '-')}`;
      expect(text).toContain(option);
      expect(text).toContain(`${name}:`);
    }
  });

  it('tells its version', async () => {
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('refuses what it does not know', async () => {
    expect(await run(['--nonsense'])).toMatchObject({ code: 1, text: expect.stringContaining('--nonsense') });
    expect(await run(['extra'])).toMatchObject({ code: 1, text: expect.stringContaining('argument') });
  });

  it('goes over the environment', () => {
    const { environment: merged } = readCommandLine(
      ['--port', '9000', '--egress-allow', '', '--mongodb-uri=mongodb://x'],
      {
        POSTRIDER_PORT: '8000',
        POSTRIDER_HOST: '::1',
        OTHER: 'kept',
      },
    );
    expect(merged).toMatchObject({
      POSTRIDER_PORT: '9000',
      POSTRIDER_HOST: '::1',
      POSTRIDER_EGRESS_ALLOW: '',
      MONGODB_URI: 'mongodb://x',
      OTHER: 'kept',
    });
  });

  it('says what is wrong with a setting, and nothing else', async () => {
    const { code, text } = await run(['--port', 'http', '--retention', 'long']);
    expect(code).toBe(1);
    expect(text).toContain('POSTRIDER_PORT: must be a port');
    expect(text).toContain('POSTRIDER_RETENTION: must be a whole number with a unit');
    expect(text).not.toMatch(/\n\s+at /);
  });

  it('names the keys that processes apart must share', async () => {
    const { code, text } = await run(['--role', 'worker']);
    expect(code).toBe(1);
    expect(text).toContain('POSTRIDER_ENCRYPTION_KEYS');
    expect(text).not.toMatch(/\n\s+at /);
  });
});

describe('a port that is taken', () => {
  let other: Server;

  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
  });

  afterAll(async () => {
    await new Promise((resolve) => other.close(resolve));
  });

  it('is named, with what to do, before anything else is started', async () => {
    const { port } = other.address() as AddressInfo;
    const { code, text } = await run(['--port', String(port)]);
    expect(code).toBe(1);
    expect(text).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(text).toContain(`POSTRIDER_PORT=${port + 1} npm start`);
    expect(text).not.toContain('starting');
    expect(text).not.toMatch(/\n\s+at /);
  });
});
