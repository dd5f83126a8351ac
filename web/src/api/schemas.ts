import type { components, paths } from '../../generated/contract.js';

/** A shape of the contract by its name: `Schema<'Webhook'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The query parameters of a list: `ListQuery<'/v1/webhooks'>`. */
export type ListQuery<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Query } };
}
  ? NonNullable<Query>
  : never;

/** One page of a list. */
export interface Page<Row> {
  data: Row[];
  nextCursor: string | null;
}
