import { cancellationSignal } from '@temporalio/activity';
import type { Context } from '../context.js';
import { walkOpenDeliveries } from '../dispatch/walk.js';
import { keepBooks } from '../ledger/books.js';
import { withHeartbeat } from './heartbeat.js';

/** Repairs what has drifted, and goes on with the books of the ledger. How far it is, MongoDB remembers. */
export function sweep(ctx: Context): () => Promise<void> {
  return async () =>
    withHeartbeat(async () => {
      await walkOpenDeliveries(ctx, cancellationSignal());
      await keepBooks(ctx, cancellationSignal());
    });
}
