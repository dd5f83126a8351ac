import { z } from 'zod';
import type { JsonValue } from '../request/json-value.js';

/** An id as it stands in a URL; one that is not well-formed is simply not found. */
export const IdParams = z.object({ id: z.string() });

export const Timestamp = z.iso
  .datetime()
  .meta({ id: 'Timestamp', description: 'ISO 8601, UTC', example: '2026-01-31T09:30:00.000Z' });

/** What a client sends for a moment: any ISO 8601 date and time with its offset. */
export const Moment = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 date and time with its offset, such as 2026-01-31T09:30:00Z',
  })
  .transform((text) => new Date(text))
  .meta({ id: 'Moment', override: { type: 'string', format: 'date-time' }, example: '2026-01-31T09:30:00Z' });

/** Any JSON value. Its depth is bounded before it is parsed. */
export const Json = z
  .unknown()
  .meta({ id: 'Json', description: 'Any JSON value' }) as unknown as z.ZodType<JsonValue>;

/** Text that is kept as it is given: a lone surrogate has no UTF-8, and two of them would become the same. */
export const Text = z.string().refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** Text to search for. MongoDB cannot look for U+0000. */
export const Search = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\0]*$/, 'must not hold U+0000');

/** For MongoDB: texts that hold a text as it is. */
export function holding(text: string): { $regex: string } {
  return { $regex: text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) };
}

/** What people call a thing: one line. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters');

export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** JSON text as it is stored, or null. */
export function fromText(text: string | null): JsonValue {
  return text === null ? null : (JSON.parse(text) as JsonValue);
}

/** A JSON value as it is stored; null and undefined are nothing. */
export function toText(value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
