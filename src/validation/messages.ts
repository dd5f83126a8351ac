import { z } from 'zod';

/**
 * What is wrong with a value, as the end of a sentence that begins with its path: `name` "is required". Used wherever a
 * schema says nothing of its own: importing this file configures zod, once for the process.
 */
z.config({ customError: describeIssue });

type Issue = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function describeIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${kindOf(issue.expected)}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : `must be ${oneOf(issue.values)}`;
    case 'too_small':
      return isEmptyText(issue)
        ? 'must not be empty'
        : `must ${verbOf(issue.origin)} ${bound(issue, 'least')} ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must ${verbOf(issue.origin)} ${bound(issue, 'most')} ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return describeFormat(issue.format);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return describeUnion(issue);
    default:
      return undefined;
  }
}

function kindOf(expected: string): string {
  return kinds[expected] ?? `a valid ${expected}`;
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length === 1 ? texts.join() : `one of ${texts.join(', ')}`;
}

function isEmptyText(issue: Extract<Issue, { code: 'too_small' }>): boolean {
  return issue.origin === 'string' && issue.minimum === 1;
}

function verbOf(origin: string): 'have' | 'be' {
  return unitOf(origin, 2) === '' ? 'be' : 'have';
}

function unitOf(origin: string, count: number | bigint): string {
  const unit = { string: 'character', array: 'item', set: 'item', map: 'entry' }[origin];
  if (unit === undefined) return '';
  return ` ${unit}${Number(count) === 1 ? '' : 's'}`;
}

function bound(
  issue: { exact?: boolean | undefined; inclusive?: boolean | undefined },
  side: 'least' | 'most',
): string {
  if (issue.exact === true) return 'exactly';
  if (issue.inclusive === false) return side === 'least' ? 'more than' : 'less than';
  return `at ${side}`;
}

function describeFormat(format: string): string {
  switch (format) {
    case 'url':
      return 'must be a URL';
    case 'datetime':
      return 'must be an ISO 8601 date and time, such as 2026-01-31T09:30:00Z';
    default:
      return 'is not of the form that is needed';
  }
}

/** A union is told apart by one field: its values are what is missing. */
function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const { options, discriminator, input } = issue as typeof issue & {
    options?: readonly unknown[];
    discriminator?: string;
  };
  if (discriminator === undefined || options === undefined) return 'is none of the forms that are taken';
  const given = typeof input === 'object' && input !== null && Object.hasOwn(input, discriminator);
  return given ? `must be ${oneOf(options)}` : 'is required';
}
