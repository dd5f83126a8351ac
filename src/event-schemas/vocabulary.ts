/**
 * The keywords of JSON Schema 2020-12 that a check follows, by what they hold:
 * https://json-schema.org/draft/2020-12/json-schema-core and json-schema-validation. Everything else in a schema is
 * an annotation.
 */
export const keywords: ReadonlyMap<string, 'schema' | 'list' | 'map' | 'value'> = new Map([
  ...kind('schema', [
    'additionalProperties',
    'contains',
    'else',
    'if',
    'items',
    'not',
    'propertyNames',
    'then',
    'unevaluatedItems',
    'unevaluatedProperties',
  ]),
  ...kind('list', ['allOf', 'anyOf', 'oneOf', 'prefixItems']),
  ...kind('map', ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']),
  ...kind('value', [
    '$ref',
    'const',
    'dependentRequired',
    'enum',
    'exclusiveMaximum',
    'exclusiveMinimum',
    'format',
    'maxContains',
    'maxItems',
    'maxLength',
    'maxProperties',
    'maximum',
    'minContains',
    'minItems',
    'minLength',
    'minProperties',
    'minimum',
    'multipleOf',
    'pattern',
    'required',
    'type',
    'uniqueItems',
  ]),
]);

/** Keywords whose schemas are applied to the same value, not to a part of it. */
export const inPlace: ReadonlySet<string> = new Set([
  'allOf',
  'anyOf',
  'dependentSchemas',
  'else',
  'if',
  'not',
  'oneOf',
  'then',
]);

/** Keywords that would let a `$ref` name something else than a place in the schema, with what to do instead. */
export const refused: ReadonlySet<string> = new Set([
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$recursiveAnchor',
  '$recursiveRef',
]);

/** Formats that are checked: those of the specification whose check is linear in the text. Others are annotations. */
export const formats = [
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'relative-json-pointer',
  'time',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
] as const;

function kind<K extends string>(holds: K, names: readonly string[]): [string, K][] {
  return names.map((name) => [name, holds]);
}
