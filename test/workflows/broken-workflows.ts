import { sleep } from '@temporalio/workflow';

/** Broken on purpose: it waits where the deliveries on record have sent. */
export async function deliverWebhook(): Promise<void> {
  await sleep('1 second');
}

/** Broken in the same way. */
export async function lane(): Promise<void> {
  await sleep('1 second');
}

/** Broken in the same way. */
export async function dispatchGroup(): Promise<void> {
  await sleep('1 second');
}

/** Broken in the same way. */
export async function sweep(): Promise<void> {
  await sleep('1 second');
}
