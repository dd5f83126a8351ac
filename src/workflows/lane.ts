import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Activities } from './activities.js';
import { onceInTask, working } from './activity-options.js';
import { deliveryIdsAttribute, wakeSignal, type LaneInput } from './input.js';

/** As for a delivery, a failed attempt throws with the delay to the next one. */
const { walkLane } = proxyActivities<Activities>({ ...working, startToCloseTimeout: '5 minutes' });

const local = proxyLocalActivities<Pick<Activities, 'walkLane'>>(onceInTask);

/** Walks of one run: some ten events each. Then the lane goes on in a new run, so that no history grows with it. */
const mostWalks = 50;

const deliveryIds = defineSearchAttributeKey(deliveryIdsAttribute, SearchAttributeType.KEYWORD_LIST);

/** Carries a lane: its deliveries one after the other, until none waits. What is in it, MongoDB knows. */
export async function lane(input: LaneInput): Promise<void> {
  const whole = CancellationScope.current();
  let walking = new CancellationScope();
  setHandler(defineSignal(wakeSignal), () => walking.cancel());

  let { shown } = input;
  let walk = input.firstWalkLocal ? local.walkLane : walkLane;
  for (let walks = 0; walks < mostWalks; walks += 1) {
    const isLocal = walk !== walkLane;
    walking = new CancellationScope();
    try {
      const turn = await walking.run(async () => walk({ ...input, shown }));
      if (turn.state === 'ended') return;
      if (turn.state === 'waiting') {
        // Its wait begins in the next walk, which throws: so Temporal shows which delivery it is, and why.
        shown = turn.head.deliveryId;
        upsertSearchAttributes([{ key: deliveryIds, value: [shown] }]);
        setCurrentDetails(`First in the lane: ${shown}, ${turn.message}`);
      }
    } catch (error) {
      const goesOn = (walking.consideredCancelled || isLocal) && !whole.consideredCancelled;
      if (!goesOn) throw error;
    }
    walk = walkLane;
  }
  await continueAsNew<typeof lane>({ ...input, firstWalkLocal: false, shown });
}
