import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** A body that is not what its `content-encoding` says. */
export class InvalidBody extends Error {
  override readonly name = 'InvalidBody';
}

/**
 * Reads a response's body up to `maxBytes`, counted after decompression, which is done piece by piece, so
 * that a small body that grows without end costs no more than a large one. gzip, deflate and br are
 * decompressed; any other coding, and several at once, are read as they are.
 *
 * `truncated` where there was more, or where nothing followed the limit before the stream was aborted.
 */
export async function readBody(
  stream: Readable,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<{ text: string; truncated: boolean }> {
  const decoder = decoders[contentEncoding?.trim().toLowerCase() ?? '']?.();
  let empty = true;
  const raw = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      empty = false;
      yield chunk;
    }
  };
  // The loop below sees every error; the callback has none left to report.
  const source: Readable = decoder ? pipeline(raw, decoder, () => {}) : stream;

  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) {
        truncated = true;
        break;
      }
    }
  } catch (error) {
    // What the decoder refuses ends the stream with an error too, of another kind.
    const cutShort = error === stream.errored;
    if (cutShort && size < maxBytes) throw error;
    // No bytes at all are an empty body, whatever the coding.
    if (!cutShort && !empty) throw new InvalidBody();
    truncated = cutShort;
  }
  const bytes = Buffer.concat(chunks).subarray(0, maxBytes);
  // With `stream`, a character that the cut went through is left out.
  return {
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: truncated }),
    truncated,
  };
}
