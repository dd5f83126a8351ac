import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { findTool } from '../../src/stack/find-tool.js';
import { mongod } from '../../src/stack/mongod.js';
import { mongodbPart } from '../../src/stack/mongodb-part.js';
import type { Part } from '../../src/stack/part.js';
import { runPart } from '../../src/stack/run-part.js';
import { StateFile } from '../../src/stack/state-file.js';
import { temporalCli } from '../../src/stack/temporal-cli.js';
import { temporalPart } from '../../src/stack/temporal-part.js';
import type { Tool } from '../../src/stack/tool.js';
import { cacheDir, firstStartMs, Stacks } from './stacks.js';

const stacks = new Stacks();
afterAll(() => stacks.remove());

const parts: { tool: Tool; partIn: (dataDir: string) => Part }[] = [
  { tool: mongod, partIn: mongodbPart },
  { tool: temporalCli, partIn: (dataDir) => temporalPart(dataDir, 'default') },
];

it.each(parts)(
  'starts $tool.name on other ports when somebody takes one after it was found free',
  async ({ tool, partIn }) => {
    const dataDir = await stacks.directory();
    const part = partIn(dataDir);
    const thieves: Server[] = [];
    const lines: string[] = [];
    const context = {
      state: new StateFile(join(dataDir, 'stack.json')),
      logPath: join(dataDir, 'part.log'),
      report: (line: string): void => void lines.push(line),
    };
    const robbed: Part = {
      ...part,
      args(ports) {
        const port = Object.values(ports)[0];
        if (thieves.length === 0)
          thieves.push(createServer((socket) => socket.destroy()).listen(port, '127.0.0.1'));
        return part.args(ports);
      },
    };
    try {
      const running = await runPart(robbed, () => findTool(tool, { cacheDir, report: () => {} }), context);
      await running.stop();
    } finally {
      for (const thief of thieves) thief.close();
    }
    expect(lines.filter((line) => line.includes('starting on'))).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/: ready \(process \d+\)$/);
  },
  firstStartMs,
);
