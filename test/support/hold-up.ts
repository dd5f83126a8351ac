/** Holds this process up for so many ms, as a machine with other work does: nothing is read, no timer runs. */
export function holdUp(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
