import type { Request } from 'express';
import type { Context } from '../context.js';
import { parseUrl } from '../http/parse-url.js';

/** Where others reach this API: as it is configured, else as the caller reached it. */
export function publicUrlOf({ config }: Context, request: Request): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const reached = `${request.protocol}://${request.get('host') ?? ''}`;
  return parseUrl(reached)?.origin ?? `http://localhost:${config.port}`;
}
