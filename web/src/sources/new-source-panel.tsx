import type { ReactNode } from 'react';
import { api, dataOf } from '../api/client.js';
import { SourceForm } from './source-form.js';

/** A callback source that is not there yet. */
export function Component(): ReactNode {
  return (
    <SourceForm
      title="New source"
      save={async (fields) =>
        (await dataOf(api.POST('/v1/sources', { body: { ...fields, kind: 'callback' } }))).id
      }
    />
  );
}
