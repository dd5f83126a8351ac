import type { Asking, Gate, Go, Later } from './gate.js';

/** A shorter delay is not worth the way through Temporal; 0 would end the retries. */
const shortestDelayMs = 1_000;

/**
 * The one place that is asked just before an attempt may leave. It asks one gate after the other; the first that says
 * later decides, and what those before it took is given back.
 */
export class Admission {
  readonly #gates: readonly Gate[];

  constructor(gates: readonly Gate[]) {
    this.#gates = gates;
  }

  async ask(asking: Asking): Promise<Go | Later> {
    const passed: Go[] = [];
    const leave = (): void => {
      for (const go of passed.splice(0)) go.leave();
    };
    try {
      for (const gate of this.#gates) {
        const answer = await gate.ask(asking);
        if (answer.kind === 'later') {
          leave();
          return { ...answer, delayMs: Math.max(answer.delayMs, shortestDelayMs) };
        }
        passed.push(answer);
      }
    } catch (error) {
      leave();
      throw error;
    }
    return { kind: 'go', leave };
  }
}
