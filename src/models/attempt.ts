import { Schema } from 'mongoose';
import { embeddedOptions } from './options.js';

/** Headers as they went over the wire, in order; secret values are masked before they get here. */
export type RecordedHeaders = { name: string; value: string }[];

/** One HTTP request of a delivery, and what came back. It lives in its delivery, so both change in one write. */
export interface AttemptRecord {
  number: number;
  startedAt: Date;
  durationMs: number;
  /** The body is the delivery's own, the same in every attempt. */
  request: { method: string; url: string; headers: RecordedHeaders };
  response: { status: number; headers: RecordedHeaders; body: string; truncated: boolean } | null;
  errorCode: string | null;
  errorMessage: string | null;
  nextAttemptAt: Date | null;
}

const headers = { type: [new Schema({ name: String, value: String }, embeddedOptions)], required: true };

export const attemptSchema = new Schema<AttemptRecord>(
  {
    number: { type: Number, required: true },
    startedAt: { type: Date, required: true },
    durationMs: { type: Number, required: true },
    request: { type: new Schema({ method: String, url: String, headers }, embeddedOptions), required: true },
    response: {
      type: new Schema({ status: Number, headers, body: String, truncated: Boolean }, embeddedOptions),
      default: null,
    },
    errorCode: { type: String, default: null },
    errorMessage: { type: String, default: null },
    nextAttemptAt: { type: Date, default: null },
  },
  embeddedOptions,
);
