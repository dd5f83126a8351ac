/** Whether this process goes on, or has been told to stop. */
export class Lifecycle {
  #isStopping = false;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** From now on `/readyz` answers 503, and connections are closed after their next answer. */
  stop(): void {
    this.#isStopping = true;
  }
}
