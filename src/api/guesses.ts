import ipaddr from 'ipaddr.js';

/** How many different keys an address may get wrong at once, and how long one of these takes to be forgotten, in ms. */
const atOnce = 60;
const forgottenAfterMs = 1_000;
/** Addresses, and keys that were right, that are remembered; beyond, the one not seen for longest is forgotten. */
const remembered = 10_000;
/** An IPv6 host has a network of this length to itself, in bits. */
const networkBits = 64;

/**
 * Slows down who tries keys: an address that got too many different ones wrong is refused unheard for a while, unless it comes with a key
 * that was right before, so that those who share its address (a proxy's) go on. Of each process; in bounded memory.
 */
export class Guesses {
  readonly #now: () => number;
  /** By network: until when its wrong keys are remembered, in ms. In the order of the last one. */
  readonly #wrong = new Map<string, number>();
  /** Hashes of keys that were right, in the order of their last use. */
  readonly #right = new Set<string>();
  /** Hashes of keys that were wrong: who repeats one, as a client with a revoked key does, guesses nothing. */
  readonly #told = new Set<string>();

  /** `now` in ms; default the machine's clock. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds to wait before a key with one of these hashes is looked at; 0: now. */
  waitS(address: string, hashes: readonly string[]): number {
    if (hashes.some((hash) => this.#right.has(hash))) return 0;
    const busyMs = (this.#wrong.get(networkOf(address)) ?? 0) - this.#now();
    return Math.max(0, Math.ceil((busyMs - (atOnce - 1) * forgottenAfterMs) / 1_000));
  }

  /** A key was not known. A key that was right and is revoked is one of these. */
  sawWrong(address: string, hashes: readonly string[]): void {
    const isRepeated = hashes.length > 0 && hashes.every((hash) => this.#told.has(hash));
    for (const hash of hashes) {
      this.#right.delete(hash);
      this.#told.add(hash);
      forgetOldest(this.#told);
    }
    if (isRepeated) return;
    const network = networkOf(address);
    const until = Math.max(this.#wrong.get(network) ?? 0, this.#now()) + forgottenAfterMs;
    this.#wrong.delete(network);
    this.#wrong.set(network, until);
    forgetOldest(this.#wrong);
  }

  /** A key was right. */
  sawRight(hash: string): void {
    this.#right.delete(hash);
    this.#right.add(hash);
    forgetOldest(this.#right);
  }
}

function forgetOldest(seen: Map<string, unknown> | Set<string>): void {
  if (seen.size <= remembered) return;
  for (const oldest of seen.keys()) {
    seen.delete(oldest);
    return;
  }
}

/** Who counts as one: an IPv4 address, or a network of IPv6. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${networkBits}`).toString();
}
