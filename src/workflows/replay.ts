import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from './activities.js';
import { working } from './activity-options.js';
import { steerSignal, type ReplayInput } from './input.js';

const { takeReplayTurn, cancelReplay } = proxyActivities<Activities>({
  ...working,
  startToCloseTimeout: '10 minutes',
});

/** Resends in bulk: turn after turn, at the replay's rate, until it is over. Gives how far it came. */
export async function replay(input: ReplayInput): Promise<string> {
  const whole = CancellationScope.current();
  let isSteered = false;
  setHandler(defineSignal(steerSignal), () => {
    isSteered = true;
  });
  try {
    for (;;) {
      isSteered = false;
      const begunAt = Date.now();
      const turn = await takeReplayTurn(input);
      setCurrentDetails(turn.state === 'paused' ? `${turn.progress}; paused` : turn.progress);
      switch (turn.state) {
        case 'succeeded':
          return turn.progress;
        case 'failed':
          throw ApplicationFailure.nonRetryable(turn.progress, 'replay_failed');
        case 'cancelled':
          // Who cancelled it cancels this workflow too.
          await whole.cancelRequested;
          break;
        case 'paused':
          await condition(() => isSteered);
          break;
        case 'running':
          await rest(turn.paceMs - (Date.now() - begunAt));
      }
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof replay>(input);
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(async () => cancelReplay(input));
    throw error;
  }
}

async function rest(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms);
}
