import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

export const maxBodyBytes = 1024 * 1024;
/** Of a body that is too large, this much is kept: enough to tell what it was. */
const keptOfTooLarge = 64 * 1024;
/** A body that is too large is read to here, so that its sender gets to see the answer; then the connection is closed. */
const mostDrained = 8 * 1024 * 1024;

/** A body as it arrived. */
export interface Body {
  /** Whole, or its beginning where it is too large. */
  bytes: Buffer;
  /** Bytes that arrived. */
  size: number;
  tooLarge: boolean;
}

/** Reads a body, whatever it says of itself. Throws where the sender hangs up. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (size <= maxBodyBytes) chunks.push(chunk);
    size += chunk.length;
    if (size > mostDrained) break;
  }
  const tooLarge = size > maxBodyBytes;
  const all = Buffer.concat(chunks);
  return { bytes: tooLarge ? beginningOf(all) : all, size, tooLarge };
}

/** Bytes as they can be kept in a text. */
export function textOf(bytes: Buffer): { body: string; bodyEncoding: 'utf8' | 'base64' } {
  return isUtf8(bytes)
    ? { body: bytes.toString('utf8'), bodyEncoding: 'utf8' }
    : { body: bytes.toString('base64'), bodyEncoding: 'base64' };
}

/** The beginning, not cut within a character: one has at most four bytes. */
function beginningOf(bytes: Buffer): Buffer {
  for (let end = keptOfTooLarge; end > keptOfTooLarge - 4; end -= 1) {
    if (isUtf8(bytes.subarray(0, end))) return Buffer.from(bytes.subarray(0, end));
  }
  return Buffer.from(bytes.subarray(0, keptOfTooLarge));
}
