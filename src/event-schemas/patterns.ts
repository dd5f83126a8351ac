import { RE2JS } from 're2js';
import { schemaLimits } from './limits.js';
import type { Meter } from './meter.js';

/**
 * Instructions times characters to a unit of work. The slowest seen is 3 ns for each (`\p{L}{1000}` many times
 * over), and a unit of other work is about 100 ns.
 */
const stepsPerUnit = 32;

/** A pattern on an engine whose time is linear in the text: https://github.com/google/re2/wiki/Syntax. */
export class LinearPattern {
  readonly source: string;
  readonly size: number;
  readonly #compiled: RE2JS;

  /** Throws for what is no pattern, and for what no linear engine can run: look-around and back references. */
  constructor(source: string) {
    this.source = source;
    this.#compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    this.size = this.#compiled.programSize();
  }

  test(text: string, meter: Meter): boolean {
    meter.charge(1 + Math.ceil((text.length * this.size) / stepsPerUnit));
    return this.#compiled.test(text);
  }
}

/** What is wrong with a pattern, and its size where it can be used. */
export function examinePattern(source: string): { fault: string } | { size: number } {
  const { patternLength, patternSize } = schemaLimits;
  if (source.length > patternLength)
    return { fault: `is a pattern of more than ${patternLength} characters` };
  try {
    const { size } = new LinearPattern(source);
    return size > patternSize ? { fault: 'is a pattern whose repetitions make it too large' } : { size };
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return { fault: `is not a pattern of RE2, which knows no look-around and no back references: ${reason}` };
  }
}
