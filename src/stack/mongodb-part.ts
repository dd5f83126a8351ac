import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import mongoose from 'mongoose';
import type { Part } from './part.js';

const { MongoClient, MongoServerError } = mongoose.mongo;
type Db = mongoose.mongo.Db;

const host = '127.0.0.1';
const set = 'rs0';
/** MongoDB's error code where a set has no configuration. */
const notYetInitialized = 94;

/** How to reach the replica set of one. */
export function mongodbUri(port: number): string {
  return `mongodb://${host}:${port}/postrider?replicaSet=${set}`;
}

/** mongod as a replica set of one, because transactions need a set; its data in `mongodb/`. */
export function mongodbPart(dataDir: string): Part<'mongod'> {
  const data = join(dataDir, 'mongodb');
  return {
    key: 'mongodb',
    name: 'MongoDB',
    ports: ['mongod'],
    makeRoom: () => mkdirSync(data, { recursive: true }),
    args: ({ mongod }) => [
      `--replSet=${set}`,
      `--dbpath=${data}`,
      `--bind_ip=${host}`,
      `--port=${mongod}`,
      '--nounixsocket',
      '--quiet',
      // Sizes for a trial on a laptop, in GB and MB: by default half of the memory and 5 % of the disk.
      '--wiredTigerCacheSizeGB=0.5',
      '--oplogSize=512',
      // By default it waits 15 s before it ends, for clients to find another primary: a set of one has none.
      '--setParameter=shutdownTimeoutMillisForSignaledShutdown=0',
      '--setParameter=diagnosticDataCollectionEnabled=false',
      // A process that is killed in a transaction leaves it open, and repeats of its call wait for it: by default 60 s.
      '--setParameter=transactionLifetimeLimitSeconds=20',
    ],
    async prepare({ mongod }) {
      const uri = `mongodb://${host}:${mongod}/?directConnection=true`;
      const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1_000 });
      try {
        await client.connect();
        await becomePrimary(client.db('admin'), `${host}:${mongod}`);
      } finally {
        await client.close();
      }
    },
  };
}

/** Throws until this node is the primary of a set whose only member has this address. */
async function becomePrimary(admin: Db, address: string): Promise<void> {
  const member = await memberAddress(admin);
  if (member === undefined) {
    await admin.command({ replSetInitiate: { _id: set, members: [{ _id: 0, host: address }] } });
  } else if (member !== address) {
    // It was on another port: a node that does not find itself in its set's configuration leaves the set. Where
    // something listens on the old port and never answers, it takes 30 s to see that.
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: { version: number } };
    const moved = { ...config, version: config.version + 1, members: [{ _id: 0, host: address }] };
    await admin.command({ replSetReconfig: moved, force: true });
  }
  const { isWritablePrimary } = await admin.command({ hello: 1 });
  if (isWritablePrimary !== true) throw new Error('it is not the primary of its replica set yet');
}

async function memberAddress(admin: Db): Promise<string | undefined> {
  try {
    const answer = await admin.command({ replSetGetConfig: 1 });
    return (answer as { config: { members: { host: string }[] } }).config.members[0]?.host;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === notYetInitialized) return undefined;
    throw error;
  }
}
