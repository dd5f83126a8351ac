/** A queue of several owners' items: each owner's in their order, and the owners in turn, so that none waits for all of another's. */
export class TurnQueue<Item> {
  /** Owners in the order of their next turn, each with its items; none is empty. */
  readonly #waiting = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(owner: string, item: Item): void {
    const items = this.#waiting.get(owner);
    if (items) items.push(item);
    else this.#waiting.set(owner, [item]);
    this.#size += 1;
  }

  /** The next item, without taking it; undefined where there is none. */
  peek(): Item | undefined {
    const [items] = this.#waiting.values();
    return items?.[0];
  }

  /** Takes the next item; undefined where there is none. */
  shift(): Item | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const [owner, items] = first;
    const item = items.shift();
    this.#waiting.delete(owner);
    if (items.length > 0) this.#waiting.set(owner, items);
    this.#size -= 1;
    return item;
  }
}
