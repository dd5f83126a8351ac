import { Gathering, type GatheringLimits } from './gathering.js';

/** Gathers what needs no answer of its own: a round does all of its items, or throws. */
export function gatherAll<Item>(
  round: (items: readonly Item[]) => Promise<void>,
  limits: GatheringLimits<Item>,
): Gathering<Item, void> {
  return new Gathering(async (items) => {
    await round(items);
    return items.map((): PromiseFulfilledResult<void> => ({ status: 'fulfilled', value: undefined }));
  }, limits);
}
