import type { Model } from 'mongoose';
import type { ReceivedRecord } from '../../models/received.js';
import { findPage, type PageRequest } from '../paging.js';

/** A page of a search looks at so many records, at most 1.4 MB each; where that is not the end, the next page goes on. */
const lookedAt = 1_000;

/**
 * A page of the records that `filter` finds and in which `text` stands. It may be short, or empty, and still have a
 * next one: how much one page looks at is bounded, however seldom the text is.
 */
export async function searchPage(
  received: Model<ReceivedRecord>,
  filter: Record<string, unknown>,
  text: string,
  page: PageRequest,
  select: Record<string, object | 0 | 1>,
): Promise<{ records: ReceivedRecord[]; nextCursor: string | null }> {
  const looked = await findPage(
    received,
    filter,
    { ...page, limit: lookedAt },
    { select: { receivedAt: 1 } },
  );
  const times = looked.records.map(({ receivedAt }) => receivedAt.getTime());
  if (times.length === 0) return { records: [], nextCursor: null };
  // The bounds on the time let the index that found the records give them again in their order.
  const among = {
    receivedAt: { $gte: new Date(Math.min(...times)), $lte: new Date(Math.max(...times)) },
    _id: { $in: looked.records.map(({ _id }) => _id) },
  };
  const found = await findPage(
    received,
    { $and: [filter, among, containing(text)] },
    { limit: page.limit, sort: page.sort },
    { select },
  );
  return { records: found.records, nextCursor: found.nextCursor ?? looked.nextCursor };
}

/** Whether `text` stands in a text body, the query or a header's value, in upper or lower case. */
function containing(text: string): Record<string, unknown> {
  const literal = { $regex: text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), $options: 'i' };
  return { $or: [{ body: literal, bodyEncoding: 'utf8' }, { query: literal }, { 'headers.value': literal }] };
}
