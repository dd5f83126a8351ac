/**
 * Room that several owners share. Each may take up to `greed` times what it leaves free (default 1), so one alone gets half of the room, two
 * get a third each, and however many take what they can, some is always left for the next one. (Dynamic thresholds, as switches
 * share their buffers: Choudhury and Hahne, 1998.)
 */
export class Shares {
  readonly #room: number;
  readonly #greed: number;
  readonly #shares = new Map<string, number>();
  #taken = 0;

  constructor(room: number, greed = 1) {
    this.#room = room;
    this.#greed = greed;
  }

  /** Takes some of the room; false, and nothing taken, where the owner has its share. */
  take(owner: string, amount = 1): boolean {
    const share = this.#shares.get(owner) ?? 0;
    if (share + amount > (this.#room - this.#taken - amount) * this.#greed) return false;
    this.#shares.set(owner, share + amount);
    this.#taken += amount;
    return true;
  }

  /** Gives back what was taken. */
  give(owner: string, amount = 1): void {
    const left = (this.#shares.get(owner) ?? 0) - amount;
    if (left > 0) this.#shares.set(owner, left);
    else this.#shares.delete(owner);
    this.#taken -= amount;
  }
}
