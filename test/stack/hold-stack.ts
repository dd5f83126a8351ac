/** Run as a process of its own: starts a stack in the directory that it is given, and holds it until it is killed. */
import { defaultCacheDir, startStack } from '../../src/stack/stack.js';

const [, , dataDir = ''] = process.argv;
const cacheDir = process.env['POSTRIDER_CACHE_DIR'] || defaultCacheDir();
const stack = await startStack({ dataDir, cacheDir, report: () => {} });
process.stdout.write(`${JSON.stringify(stack)}\n`);
setInterval(() => {}, 60_000);
