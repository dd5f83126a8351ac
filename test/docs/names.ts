import { idPrefixes } from '../../src/models/ids.js';

const id = String.raw`\b(?:${Object.values(idPrefixes).join('|')})_[0-9A-Za-z]{4,}`;
const inboundToken = String.raw`(?<=/in/)[\w-]+`;
const name = `${id}|${inboundToken}`;
const timestamp = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`;

/** What the ids and tokens of a page stand for: each gets its meaning where an answer shows it first. */
export class Names {
  readonly #meanings: Map<string, string>;

  constructor(meanings: Iterable<[string, string]> = []) {
    this.#meanings = new Map(meanings);
  }

  copy(): Names {
    return new Names(this.#meanings);
  }

  /** Takes over what a copy has learnt. */
  adopt(other: Names): void {
    for (const [name, meaning] of other.#meanings) this.#meanings.set(name, meaning);
  }

  /** A text of the page, with what its names stand for. */
  resolve(text: string): string {
    return text.replace(new RegExp(name, 'g'), (found) => this.#meanings.get(found) ?? found);
  }

  /** Whether a real text is what the page shows; names that are new get their meaning from it. */
  fits(shown: string, real: string): boolean {
    const unknown: string[] = [];
    let pattern = '';
    let end = 0;
    for (const match of shown.matchAll(new RegExp(`…|${timestamp}|${name}`, 'g'))) {
      pattern += literal(shown.slice(end, match.index)) + this.#patternOf(match[0], unknown);
      end = match.index + match[0].length;
    }
    const found = new RegExp(`^${pattern}${literal(shown.slice(end))}$`, 's').exec(real);
    for (const [index, text] of unknown.entries()) {
      if (found) this.#meanings.set(text, found[index + 1] ?? '');
    }
    return found !== null;
  }

  #patternOf(text: string, unknown: string[]): string {
    if (text === '…') return '.*';
    if (new RegExp(`^${timestamp}$`).test(text)) return timestamp;
    const meaning = this.#meanings.get(text);
    if (meaning !== undefined) return literal(meaning);
    const before = unknown.indexOf(text);
    if (before >= 0) return `\\${before + 1}`;
    unknown.push(text);
    return String.raw`([\w-]+)`;
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
