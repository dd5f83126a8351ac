/** Run as a process of its own: prints its sessions, and rolls statistics up again and again, until it is killed. */
import mongoose from 'mongoose';
import { createModels } from '../../src/models/models.js';
import { rollUpStatistics } from '../../src/statistics/roll-up.js';

const [, , uri = ''] = process.argv;
const options = { autoIndex: false, autoCreate: false, monitorCommands: true };
const connection = await mongoose.createConnection(uri, options).asPromise();
const models = createModels(connection);
const sessions = new Set<string>();
connection.getClient().on('commandStarted', ({ command }) => {
  const id = (command as { lsid?: { id: { toString(encoding: 'hex'): string } } }).lsid?.id.toString('hex');
  if (id === undefined || sessions.has(id)) return;
  sessions.add(id);
  process.stdout.write(`${id}\n`);
});
for (;;) {
  await rollUpStatistics({ connection, models }, new AbortController().signal);
  await new Promise(setImmediate);
}
