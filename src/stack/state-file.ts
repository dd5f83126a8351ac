import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ProcessIdentity } from './process-identity.js';

/** What is remembered of a part: the ports that it had last, and its process while that is thought to run. */
const RecordedPart = z.strictObject({
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
  process: ProcessIdentity.optional(),
});
export type RecordedPart = z.infer<typeof RecordedPart>;

const State = z.strictObject({ temporal: RecordedPart.optional(), mongodb: RecordedPart.optional() });
type State = z.infer<typeof State>;
export type PartKey = keyof State;

/**
 * `stack.json` in the data directory: what runs on which ports, for the start after one that was killed. It is
 * read once and belongs to the one process that holds the directory's lock.
 */
export class StateFile {
  readonly #path: string;
  #state: State;

  constructor(path: string) {
    this.#path = path;
    this.#state = read(path);
  }

  get(key: PartKey): RecordedPart | undefined {
    return this.#state[key];
  }

  /** Written before it returns, so that nothing runs unrecorded for longer than that. */
  set(key: PartKey, part: RecordedPart): void {
    this.#state = { ...this.#state, [key]: part };
    const draft = `${this.#path}.draft`;
    writeFileSync(draft, `${JSON.stringify(this.#state, null, 2)}\n`);
    renameSync(draft, this.#path);
  }
}

function read(path: string): State {
  try {
    return State.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there yet, or spoiled: then nothing is remembered, and nothing is lost but the ports.
    return {};
  }
}
