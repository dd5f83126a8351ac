import { inspect } from 'node:util';

const hidden = '[secret]';

/**
 * A value that must not reach a log, an error or an answer: printed, inspected or serialized it shows
 * `[secret]`. `reveal()` is the only way to the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
