/** Run as a process of its own: waits for a line, tries the lock, prints whether it has it, and holds it until it is killed. */
import { once } from 'node:events';
import { tryLock } from '../../src/stack/lock.js';

const [, , path = ''] = process.argv;
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdout.write('heldBy' in tryLock(path) ? 'refused\n' : 'taken\n');
setInterval(() => {}, 60_000);
