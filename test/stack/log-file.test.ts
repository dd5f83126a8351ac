import { appendFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { boundLog, logSince, logSize, tellingLines } from '../../src/stack/log-file.js';
import { Stacks } from './stacks.js';

const stacks = new Stacks();
afterAll(() => stacks.remove());

it('keeps a log that has grown large beside an empty one', async () => {
  const path = join(await stacks.directory(), 'part.log');
  await writeFile(path, 'x'.repeat(9_000_000));
  const end = boundLog(path);
  end();
  expect(logSize(path)).toBe(0);
  expect((await stat(`${path}.1`)).size).toBe(9_000_000);
});

it('tells of this start, not of the one before', async () => {
  const path = join(await stacks.directory(), 'part.log');
  await writeFile(path, 'an older start: error\n');
  const from = logSize(path);
  await appendFile(path, 'one\ntwo\n');
  expect(tellingLines(logSince(path, from))).toBe('one\ntwo');
});

it('shows the lines that tell why a part failed, wherever they stand', () => {
  const fault = '{"s":"E","msg":"Error setting up listener"}';
  expect(tellingLines(`starting\n${fault}\n${'shutting down\n'.repeat(40)}`)).toBe(fault);
  expect(tellingLines(`error: no such file\n${'main.go:12\n'.repeat(40)}`)).toBe('error: no such file');
});
