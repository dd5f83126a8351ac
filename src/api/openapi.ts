import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { problemCodes, type ProblemCode } from '../errors/codes.js';
import { version } from '../version.js';
import { permissions, type Permission } from './permissions.js';
import type { AnyRoute } from './route.js';

const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.enum(Object.keys(problemCodes) as ProblemCode[]),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

type OpenapiDocument = ReturnType<typeof createDocument>;

/** The OpenAPI document of the routes, from the same schemas that check their calls. */
export function openapiDocument(routes: readonly AnyRoute[], publicUrl: string | undefined): OpenapiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const [method, path] = route.key.split(' ') as [string, string];
    const openapiPath = path.replace(/:(\w+)/g, '{$1}');
    (paths[openapiPath] ??= {})[method.toLowerCase() as 'get'] = operationOf(route);
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: {
      title: 'Postrider',
      version,
      description:
        'Durable webhook delivery: an event that is answered with 202 reaches every subscription that it matches. ' +
        'Errors are problem documents (RFC 9457).',
    },
    servers: [{ url: publicUrl ?? '/' }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: "A key of an organization's environment" },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'postrider_session',
          description:
            'A session of the console, from `POST /session`. Calls name `postrider-environment`, and change things from the ' +
            'same origin only. Over https the cookie is called `__Host-postrider_session`.',
        },
      },
    },
    security: [{ key: [] }, { session: [] }],
    paths,
  };
  return createDocument(document);
}

function operationOf(route: AnyRoute): ZodOpenApiOperationObject {
  const permission: Permission = permissions[route.key];
  const isPublic = permission === 'public';
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    ...(isPublic ? { security: [] } : {}),
    requestParams: {
      ...(route.params ? { path: route.params as unknown as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as unknown as z.ZodObject } : {}),
    },
    ...(route.body
      ? {
          requestBody: {
            required: route.bodyOptional !== true,
            content: { 'application/json': { schema: route.body } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, schema]) => [
          status,
          schema === null
            ? { description: 'Done' }
            : { description: 'Done', content: { [route.contentType ?? 'application/json']: { schema } } },
        ]),
      ),
      default: {
        description: 'Not done',
        content: { 'application/problem+json': { schema: ProblemDocument } },
      },
    },
  };
}
