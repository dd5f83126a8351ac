import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { Context } from '../context.js';
import type { ReplayRecord } from '../models/replay.js';
import { replayAttributesOf } from '../temporal/search-attributes.js';
import type { replay as replayWorkflow } from '../workflows/index.js';
import { steerSignal, taskQueue } from '../workflows/input.js';

const callTimeoutMs = 10_000;

/** Starts a replay's workflow; one that is there already is a success. Throws when Temporal cannot be reached. */
export async function startReplay(ctx: Context, replay: ReplayRecord): Promise<void> {
  const { client, connection } = ctx.temporal.current;
  try {
    await connection.withDeadline(Date.now() + callTimeoutMs, async () =>
      client.start<typeof replayWorkflow>('replay', {
        workflowId: replay.workflowId,
        taskQueue,
        args: [{ replayId: replay._id }],
        priority: { fairnessKey: replay.organizationId },
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        typedSearchAttributes: replayAttributesOf(replay, webhookOf(replay)),
        staticSummary: summaryOf(replay),
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Lets a replay's workflow look at what was asked of it. False when it does not run. */
export async function steerReplay(ctx: Context, { workflowId }: ReplayRecord): Promise<boolean> {
  const { client, connection } = ctx.temporal.current;
  try {
    await connection.withDeadline(Date.now() + callTimeoutMs, async () =>
      client.getHandle(workflowId).signal(steerSignal),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function webhookOf({ filter }: ReplayRecord): string | undefined {
  const webhookId = filter?.['webhookId'];
  return typeof webhookId === 'string' ? webhookId : undefined;
}

function summaryOf({ filter, recover, count, countComplete, rate }: ReplayRecord): string {
  const number = `${count}${countComplete ? '' : ' or more'}`;
  const what = filter
    ? `Resends ${number} ${filter.deliveryIds ? 'picked' : String(filter['status'])} deliveries`
    : `Sends ${number} events to ${recover?.subscriptionId ?? 'a subscription'} that it missed`;
  return `${what}, ${rate} a second`;
}
