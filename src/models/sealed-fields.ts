import type { Model } from 'mongoose';
import type { Sealed } from '../crypto/key-ring.js';
import type { Models } from './models.js';

type RecordOf<T> = T extends Model<infer Record> ? Record : never;

/** The dotted paths under which a record holds something sealed; `*` stands for each entry of a list. */
type SealedPath<T, Path extends string = ''> = T extends Sealed
  ? Path
  : T extends string | number | boolean | Date | null | undefined
    ? never
    : T extends readonly (infer Entry)[]
      ? SealedPath<Entry, `${Path}.*`>
      : {
          [Field in keyof T & string]: SealedPath<T[Field], Path extends '' ? Field : `${Path}.${Field}`>;
        }[keyof T & string];

/** Whether there is something sealed in what holds the field: `always` where the field is there. */
type Holds = 'always' | ((holder: { secret?: boolean }) => boolean);

type SealedFields = {
  readonly [
    Name in keyof Models as [SealedPath<RecordOf<Models[Name]>>] extends [never] ? never : Name
  ]: Readonly<Record<SealedPath<RecordOf<Models[Name]>>, Holds>>;
};

/**
 * Every field that is encrypted at rest, sealed for the `_id` of its record. The types of the records demand that it is
 * whole: a field of the type `Sealed` that is not here does not compile.
 */
export const sealedFields: SealedFields = {
  webhooks: {
    signingSecret: 'always',
    'previousSigningSecret.sealed': 'always',
    'headers.*.value': ({ secret }) => secret === true,
    'auth.value': 'always',
    'auth.token': 'always',
    'auth.password': 'always',
    'auth.clientSecret': 'always',
    'clientCertificate.privateKey': 'always',
  },
  externalSystems: {
    'auth.value': 'always',
    'auth.token': 'always',
    'auth.password': 'always',
    'auth.clientSecret': 'always',
    'clientCertificate.privateKey': 'always',
  },
  sources: { token: 'always', 'verification.value': 'always', 'verification.secret': 'always' },
  accessTokens: { token: 'always' },
};

export type SealedCollection = keyof typeof sealedFields;

export const sealedCollections = Object.keys(sealedFields) as SealedCollection[];

/** Something sealed that a record holds, with the path to it as MongoDB writes it (`headers.2.value`). */
export interface SealedField {
  path: string;
  sealed: Sealed;
}

/** What is sealed in a record. */
export function sealedIn(collection: SealedCollection, record: object): SealedField[] {
  return Object.entries<Holds>(sealedFields[collection]).flatMap(([path, holds]) =>
    follow(record, path.split('.'), [], holds),
  );
}

function follow(
  holder: object,
  path: readonly string[],
  gone: readonly string[],
  holds: Holds,
): SealedField[] {
  const [step = '', ...rest] = path;
  const fields = step === '*' ? Object.keys(holder) : [step];
  return fields.flatMap((field) => {
    const value = (holder as Readonly<Record<string, unknown>>)[field];
    const there = [...gone, field];
    if (rest.length > 0) return typeof value === 'object' && value ? follow(value, rest, there, holds) : [];
    const isSealed = typeof value === 'string' && value !== '' && (holds === 'always' || holds(holder));
    return isSealed ? [{ path: there.join('.'), sealed: value as Sealed }] : [];
  });
}
