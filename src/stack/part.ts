import type { PartKey } from './state-file.js';

/** A server that the stack runs as a process of its own. */
export interface Part<Port extends string = string> {
  key: PartKey;
  /** For a person. */
  name: string;
  /** What listens: each takes the port of last time where that is free, and otherwise any. */
  ports: readonly Port[];
  /** Makes the place for its data, before each start. */
  makeRoom(): void;
  /** The command line. */
  args(ports: Readonly<Record<Port, number>>): string[];
  /** Makes it ready for use, as far as it is now; resolves once it is, throws why it is not yet. May be repeated. */
  prepare(ports: Readonly<Record<Port, number>>): Promise<void>;
}
