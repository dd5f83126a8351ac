import type { Request } from 'express';
import type { Model, UpdateQuery } from 'mongoose';
import { Problem } from '../errors/problem.js';

interface Revised {
  _id: string;
  revision: number;
  createdAt: Date;
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

/**
 * Saves a change as the record's next revision, and gives the record as it is then. With `If-Match`, only onto the
 * revision that was read: a change that came in between is a 412 Problem.
 */
export async function saveRevision<T extends Revised>(
  model: Model<T>,
  request: Request,
  record: T,
  changes: { [Field in keyof T]?: T[Field] | undefined },
): Promise<T> {
  requireMatch(request, record);
  const guarded = request.get('if-match') !== undefined;
  const update = {
    $set: { ...changes, updatedAt: new Date() },
    $inc: { revision: 1 },
  } as unknown as UpdateQuery<T>;
  const saved = (await model
    .findOneAndUpdate({ _id: record._id, ...(guarded ? { revision: record.revision } : {}) }, update, {
      returnDocument: 'after',
    })
    .lean()) as T | null;
  if (!saved) throw guarded ? changed(record) : gone();
  return saved;
}

/** Deletes a record; with `If-Match`, only the revision that was read: a change that came in between is a 412 Problem. */
export async function deleteRevision<T extends Revised>(
  model: Model<T>,
  request: Request,
  record: T,
): Promise<void> {
  requireMatch(request, record);
  const guarded = request.get('if-match') !== undefined;
  const { deletedCount } = await model.deleteOne({
    _id: record._id,
    ...(guarded ? { revision: record.revision } : {}),
  });
  if (deletedCount === 0) throw guarded ? changed(record) : gone();
}

function gone(): Problem {
  return new Problem('not_found', 'It was deleted just now.');
}

function changed(record: Revised): Problem {
  return new Problem('precondition_failed', `It was changed since you read it; read ${record._id} again.`);
}
