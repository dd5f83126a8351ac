import type { Request } from 'express';
import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import type { Change, Trail } from '../audit/trail.js';
import { Problem } from '../errors/problem.js';

interface Revised {
  _id: string;
  revision: number;
  createdAt: Date;
}

/** The call that makes a change. */
interface Changing {
  request: Request;
  trail: Trail;
}

/**
 * The entity tag of a record that can be changed (RFC 9110, 8.8.3). It begins with the record's own time: one that is
 * made under the name of another that was deleted is not the same.
 */
export function etagOf({ createdAt, revision }: Pick<Revised, 'createdAt' | 'revision'>): string {
  return `"${createdAt.getTime().toString(36)}-${revision}"`;
}

/** Throws a 412 Problem when the call carries an `If-Match` that the record no longer has. */
export function requireMatch(request: Request, record: Revised): void {
  const wanted = request.get('if-match');
  if (wanted === undefined || wanted.trim() === '*') return;
  if (!wanted.split(',').some((tag) => tag.trim() === etagOf(record))) throw changed(record);
}

/** Stores a new record, and in the audit log that it was made. */
export async function createRecord<T extends { _id: string }>(
  model: Model<T>,
  { trail }: Pick<Changing, 'trail'>,
  record: T,
): Promise<void> {
  await trail.change(
    async (session) => model.insertMany([record], { session }),
    () => [changeOf(null, record)],
  );
}

/**
 * Saves a change as the record's next revision, with what it changed in the audit log, and gives the record as it is
 * then. With `If-Match`, only onto the revision that was read: a change that came in between is a 412 Problem.
 */
export async function saveRevision<T extends Revised>(
  model: Model<T>,
  { request, trail }: Changing,
  record: T,
  changes: { [Field in keyof T]?: T[Field] | undefined },
): Promise<T> {
  requireMatch(request, record);
  const update = {
    $set: { ...changes, updatedAt: new Date() },
    $inc: { revision: 1 },
  } as unknown as UpdateQuery<T>;
  const { after } = await trail.change(
    async (session) => {
      // What is replaced in this very moment, which another call may have changed since the record was read.
      const before = (await model.findById(record._id, null, { session }).lean()) as T | null;
      const saved = (await model
        .findOneAndUpdate(thisRevision(request, record), update, { returnDocument: 'after', session })
        .lean()) as T | null;
      if (!before || !saved) throw outdated(request, record);
      return { before, after: saved };
    },
    (done) => [changeOf(done.before, done.after)],
  );
  return after;
}

/** Deletes a record; with `If-Match`, only the revision that was read: a change that came in between is a 412 Problem. */
export async function deleteRevision<T extends Revised>(
  model: Model<T>,
  { request, trail }: Changing,
  record: T,
): Promise<void> {
  requireMatch(request, record);
  await trail.change(
    async (session) => {
      const deleted = (await model
        .findOneAndDelete(thisRevision(request, record), { session })
        .lean()) as T | null;
      if (!deleted) throw outdated(request, record);
      return deleted;
    },
    (deleted) => [changeOf(deleted, null)],
  );
}

/** The route says of which resource its records are. */
function changeOf(before: unknown, after: unknown): Change {
  return { before, after } as Change;
}

function thisRevision<T extends Revised>(request: Request, { _id, revision }: Revised): QueryFilter<T> {
  const guarded = request.get('if-match') !== undefined;
  return { _id, ...(guarded ? { revision } : {}) };
}

function outdated(request: Request, record: Revised): Problem {
  return request.get('if-match') === undefined ? gone() : changed(record);
}

function gone(): Problem {
  return new Problem('not_found', 'It was deleted just now.');
}

function changed(record: Revised): Problem {
  return new Problem('precondition_failed', `It was changed since you read it; read ${record._id} again.`);
}
