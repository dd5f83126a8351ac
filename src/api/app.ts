import express, { Router, type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { Trail } from '../audit/trail.js';
import { consoleRouter } from '../console/router.js';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import { inboundRouter } from '../inbound/router.js';
import { authenticate, mayCall, requireTenant, type Caller } from './caller.js';
import { docsRouter } from './docs.js';
import { errorsPage } from './errors-page.js';
import { readJson } from './json-body.js';
import { openapiDocument } from './openapi.js';
import { permissions, type Permission } from './permissions.js';
import { answerProblem, problemHandler } from './problem-answer.js';
import type { AnyRoute, Answer, Call } from './route.js';
import { routes } from './routes.js';
import { securityHeaders } from './security-headers.js';
import { validate } from './validation.js';

/** A call that takes nothing may have no body, or an empty object. */
const NoBody = z.strictObject({});

/** The API as an Express application: every route of `routes`, its pages, and problem documents for the rest. */
export function createApp(ctx: Context): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(helmet(securityHeaders));
  app.use(errorsPage());
  app.use(docsRouter(openapiDocument(routes, ctx.config.publicUrl)));
  app.use(inboundRouter(ctx));
  app.use(consoleRouter());
  const router = Router({ caseSensitive: true, strict: false });
  for (const route of routes) mount(ctx, router, route);
  app.use(router);
  app.use(unknownCall(routes));
  app.use(problemHandler(ctx.logger));
  return app;
}

/** Serves a route, after it is known who calls and whether they may. */
export function mount(ctx: Context, router: Router, route: AnyRoute): void {
  const [method, path] = route.key.split(' ') as [string, string];
  const permission: Permission = permissions[route.key];
  const handlers: RequestHandler[] = [identify(ctx, permission)];
  if (method !== 'GET') handlers.push(readJson(route.bodyLimit));
  handlers.push(async (request, response) => {
    send(response, await route.handle(callOf(ctx, route, request, response)));
  });
  router[method.toLowerCase() as 'get'](path, ...handlers);
}

/** Who calls, and whether they may: before anything of the call is read. */
function identify(ctx: Context, permission: Permission): RequestHandler {
  return async (request, response, next) => {
    if (permission !== 'public') {
      const caller = await authenticate(ctx, request);
      if (!mayCall(caller, permission)) throw forbidden(caller, permission);
      response.locals['caller'] = caller;
    }
    next();
  };
}

function forbidden(caller: Caller, permission: Permission): Problem {
  const role = caller.key?.role ?? 'root';
  return new Problem('forbidden', `A key with the role ${role} may not do what needs "${permission}".`);
}

function callOf(
  ctx: Context,
  route: AnyRoute,
  request: Request,
  response: Response,
): Call<never, never, never> {
  const caller = response.locals['caller'] as Caller;
  const isOptional = route.bodyOptional ?? route.body === undefined;
  const given: unknown = request.body;
  const body = given === undefined && isOptional ? {} : given;
  return {
    ctx,
    caller,
    get tenant() {
      return requireTenant(caller);
    },
    get trail() {
      if (!route.audit || 'none' in route.audit) throw new Error(`${route.key} is not audited`);
      return new Trail(ctx, caller, route.audit);
    },
    params: (route.params ? validate(route.params, request.params) : request.params) as never,
    query: (route.query ? validate(route.query, request.query) : request.query) as never,
    body: validate(route.body ?? NoBody, body) as never,
    request,
    response,
  };
}

function send(response: Response, answer: Answer): void {
  // What is answered depends on the key and its headers, which a cache would have to know.
  response.status(answer.status).set('cache-control', 'no-store');
  if (answer.headers) response.set(answer.headers);
  if (answer.etag !== undefined) response.set('etag', answer.etag);
  if (answer.text !== undefined) response.send(answer.text);
  else if (answer.body === undefined) response.end();
  else response.json(answer.body);
}

/** A 405 with `Allow` where the path is known, else a 404. */
export function unknownCall(served: readonly AnyRoute[]): RequestHandler {
  const known = served.map(({ key }) => {
    const [method, path] = key.split(' ') as [string, string];
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`);
    return { methods: method === 'GET' ? ['GET', 'HEAD'] : [method], pattern };
  });
  return (request, response) => {
    const { method, path } = request;
    const allowed = known.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    const allow = allowed.join(', ');
    const problem =
      allowed.length === 0
        ? new Problem('not_found', `${method} ${path} is not a call of this API; see /docs.`)
        : new Problem('method_not_allowed', `${path} takes ${allow}, not ${method}.`, { headers: { allow } });
    answerProblem(response, problem);
  };
}
