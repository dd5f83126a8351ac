import type { ErrorObject } from 'ajv';
import type { SchemaError } from './schema-error.js';

/** A validator's error as the dotted path that it is about and a message for people. */
export function readable({ keyword, instancePath, params, message }: ErrorObject): SchemaError {
  const path = dotted(instancePath);
  const given = params as Readonly<Record<string, unknown>>;
  const text = (name: string) => String(given[name]);
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return { path: join(path, text('missingProperty')), message: 'is required' };
    case 'additionalProperties':
      return { path: join(path, text('additionalProperty')), message: 'is not a known field' };
    case 'unevaluatedProperties':
      return { path: join(path, text('unevaluatedProperty')), message: 'is not a known field' };
    case 'propertyNames':
      return { path: join(path, text('propertyName')), message: 'is not an allowed name' };
    case 'type':
      return { path, message: `must be ${types(given['type'])}` };
    case 'format':
      return { path, message: `must be a valid ${text('format')}` };
    case 'enum':
      return { path, message: `must be one of ${shownList(given['allowedValues'])}` };
    case 'const':
      return { path, message: `must be ${shownList([given['allowedValue']])}` };
    case 'pattern':
      return { path, message: `must match the pattern ${text('pattern')}` };
    case 'uniqueItems':
      return { path, message: 'must not have the same item twice' };
    case 'anyOf':
    case 'oneOf':
      return {
        path,
        message: `must match ${keyword === 'anyOf' ? 'one' : 'exactly one'} of the allowed shapes`,
      };
    case 'not':
      return { path, message: 'must not match what its schema excludes' };
    case 'false schema':
      return { path, message: 'is not allowed' };
    default:
      return { path, message: message ?? `does not hold ${keyword}` };
  }
}

/** `/items/0/name` (RFC 6901) as `items.0.name`. */
export function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

const articles: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

function types(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).map(String);
  return names.map((name) => articles[name] ?? name).join(' or ');
}

const longestShown = 200;

function shownList(values: unknown): string {
  const text = (Array.isArray(values) ? values : []).map((value) => JSON.stringify(value)).join(', ');
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
