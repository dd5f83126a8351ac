import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { AuditedRoute, Trail } from '../audit/trail.js';
import type { Context } from '../context.js';
import type { Tenant } from '../models/tenant.js';
import type { Caller } from './caller.js';
import type { RouteKey } from './permissions.js';

/** What an operation answers. `etag` is the revision of what the body shows. */
export interface Answer {
  status: number;
  body?: unknown;
  /** In the place of a JSON body. */
  text?: string;
  etag?: string;
  headers?: Readonly<Record<string, string>>;
}

/** One validated call. */
export interface Call<Params, Query, Body> {
  ctx: Context;
  caller: Caller;
  /** Whom the call acts for; only calls that need a tenant may read it. */
  tenant: Tenant;
  params: Params;
  query: Query;
  body: Body;
  /** What changes something goes through it; only calls whose route is audited may read it. */
  trail: Trail;
  request: Request;
  response: Response;
}

/** What a route that is no GET says of the audit log: what its changes are called there; or why it makes none. */
export type AuditDeclaration = AuditedRoute | { none: string };

/** One operation of the API, described once: it is served, checked and documented from here. */
export interface Route<Params = unknown, Query = unknown, Body = unknown> {
  key: RouteKey;
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
  /** Of every route that is no GET. */
  audit?: AuditDeclaration;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** A call without a body is as good as one with an empty object. */
  bodyOptional?: boolean;
  /** The largest body in bytes (default 1 MiB). */
  bodyLimit?: number;
  /** Of the successful answer; default `application/json`. */
  contentType?: string;
  /** The schema of each successful answer; null where it has no body. */
  answers: Readonly<Record<number, z.ZodType | null>>;
  handle(call: Call<Params, Query, Body>): Promise<Answer>;
}

/** A route whose types have done their work: the server knows only that it parses before it handles. */
export type AnyRoute = Route<never, never, never>;

/** Describes a route; the handler sees what its schemas give. */
export function route<Params, Query, Body>(definition: Route<Params, Query, Body>): AnyRoute {
  return definition as unknown as AnyRoute;
}
