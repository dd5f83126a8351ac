import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { randomBytes } from 'node:crypto';
import { Secret } from '../../src/config/secret.js';
import { KeyRing, type Sealed } from '../../src/crypto/key-ring.js';

const key = (id: string) => KeyRing.generate(id);

describe('a key ring', () => {
  it('opens what it sealed, whatever the text', () => {
    const ring = KeyRing.parse(key('k1'));
    assert(
      property(string({ unit: 'grapheme' }), string(), (text, owner) => {
        expect(ring.open(ring.seal(new Secret(text), owner), owner).reveal()).toBe(text);
      }),
    );
  });

  it('never seals the same text the same way', () => {
    const ring = KeyRing.parse(key('k1'));
    const sealed = Array.from({ length: 100 }, () => ring.seal(new Secret('same'), 'wh_1'));
    expect(new Set(sealed).size).toBe(100);
    for (const text of sealed) expect(text).toMatch(/^k1\.[\w-]+$/);
  });

  it('is rotated by a new key in front: the old one opens, the new one seals', () => {
    const old = key('old');
    const before = KeyRing.parse(old).seal(new Secret('kept'), 'wh_1');
    const both = KeyRing.parse(`${key('new')}, ${old}`);
    expect(both.open(before, 'wh_1').reveal()).toBe('kept');
    expect(both.seal(new Secret('x'), 'wh_1')).toMatch(/^new\./);
  });

  it('names the key that is gone', () => {
    const sealed = KeyRing.parse(key('old')).seal(new Secret('lost'), 'wh_1');
    expect(() => KeyRing.parse(key('new')).open(sealed, 'wh_1')).toThrow(
      'the encryption key old is not in POSTRIDER_ENCRYPTION_KEYS',
    );
  });

  it('opens nothing for another record than it was sealed for', () => {
    const ring = KeyRing.parse(key('k1'));
    const sealed = ring.seal(new Secret('mine'), 'wh_1');
    expect(() => ring.open(sealed, 'wh_2')).toThrow(/cannot be decrypted/);
  });

  it('opens nothing with another key of the same id', () => {
    const sealed = KeyRing.parse(key('k1')).seal(new Secret('mine'), 'wh_1');
    expect(() => KeyRing.parse(key('k1')).open(sealed, 'wh_1')).toThrow(/cannot be decrypted/);
  });

  it('opens nothing that was changed or cut, wherever', () => {
    const ring = KeyRing.parse(key('k1'));
    const [id = '', encoded = ''] = ring.seal(new Secret('a secret text'), 'wh_1').split('.');
    const bytes = Buffer.from(encoded, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => ring.open(`${id}.${changed.toString('base64url')}` as Sealed, 'wh_1')).toThrow(
        /cannot be decrypted/,
      );
      const cut = bytes.subarray(0, at).toString('base64url');
      expect(() => ring.open(`${id}.${cut}` as Sealed, 'wh_1')).toThrow(/cannot be decrypted/);
    }
    for (const text of ['', 'k1', '.', 'k1.', 'x.abc'])
      expect(() => ring.open(text as Sealed, 'wh_1')).toThrow(Error);
  });

  it('says nothing of text or key where it fails', () => {
    const ring = KeyRing.parse(key('k1'));
    const sealed = ring.seal(new Secret('very secret'), 'wh_1');
    const failure = (() => {
      try {
        return ring.open(sealed, 'wh_2');
      } catch (error) {
        return error as Error;
      }
    })();
    expect(String((failure as Error).stack)).not.toContain('very secret');
  });
});

describe('keys', () => {
  const short = randomBytes(16).toString('base64');

  it.each([
    ['', 'must be written id:base64'],
    ['k1', 'must be written id:base64'],
    ['k1:', 'must be written id:base64'],
    ['k 1:AAAA', 'must be written id:base64'],
    [`k1:${short}`, 'key k1 must have 32 bytes, it has 16'],
    [`${key('k1')},${key('k1')}`, 'key k1 is given twice'],
    [`${key('k1')},`, 'must be written id:base64'],
  ])('that are not usable are refused, and not shown: %s', (text, message) => {
    expect(() => KeyRing.parse(text)).toThrow(message);
    expect(() => KeyRing.parse(text)).not.toThrow(short);
  });
});
