import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { redact, redactCut } from '../../src/request/redact.js';

const secret = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => !text.includes('*'));

describe('an answer without the secrets that were sent', () => {
  it('holds none of them, as it is, percent-encoded or escaped', () => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, between) => {
        const echoed = secrets
          .flatMap((text) => [text, encodeURIComponent(text), JSON.stringify({ text })])
          .join(between);
        const shown = redact(echoed, secrets);
        for (const text of secrets) expect(shown.includes(text)).toBe(false);
      }),
    );
  });

  it('is as it was where it holds none, and where they are too short to tell', () => {
    expect(redact('{"ok": true}', ['a-secret-token', 'ok'])).toBe('{"ok": true}');
  });

  it('is made where a secret is no well-formed Unicode', () => {
    expect(redact('you sent \ufffdlone surrogate', ['\ud800lone surrogate'])).toBe('you sent ***');
  });

  it('does not end with the beginning of one where it was cut', () => {
    expect(redactCut('you sent a-secr', ['a-secret-token'])).toBe('you sent ***');
    expect(redactCut('you sent nothing', ['a-secret-token'])).toBe('you sent nothing');
  });
});
