import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '../config/secret.js';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
/** 96 bits, the nonce length that NIST SP 800-38D recommends for GCM. */
const nonceBytes = 12;
const tagBytes = 16;

declare const sealed: unique symbol;

/**
 * A text encrypted at rest: `<key id>.<base64url of nonce, tag and ciphertext>`. A kind of text of its own, so that the
 * compiler knows each field that holds one (`models/sealed-fields.ts`).
 */
export type Sealed = string & { readonly [sealed]: true };

/** The id of the key that a text was sealed with. */
export function keyIdOf(text: Sealed): string {
  return text.slice(0, text.indexOf('.'));
}

/**
 * The keys that secrets are encrypted with at rest (AES-256-GCM). The first key encrypts; all of them
 * decrypt, so that a key is rotated by putting a new one in front.
 */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #currentId: string;

  private constructor(keys: ReadonlyMap<string, Buffer>, currentId: string) {
    this.#keys = keys;
    this.#currentId = currentId;
  }

  /**
   * Reads `id:base64,id:base64`. Throws a RangeError that says what is wrong and shows no key.
   */
  static parse(text: string): KeyRing {
    const keys = new Map<string, Buffer>();
    for (const entry of text.split(',').map((part) => part.trim())) {
      const match = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_=-]+)$/.exec(entry);
      const [, id, encoded] = match ?? [];
      if (id === undefined || encoded === undefined) {
        throw new RangeError('each key must be written id:base64, the id of letters, digits, _ and -');
      }
      const key = Buffer.from(encoded, 'base64');
      if (key.length !== keyBytes)
        throw new RangeError(`key ${id} must have ${keyBytes} bytes, it has ${key.length}`);
      if (keys.has(id)) throw new RangeError(`key ${id} is given twice`);
      keys.set(id, key);
    }
    const [first] = keys.keys();
    if (first === undefined) throw new RangeError('at least one key is needed');
    return new KeyRing(keys, first);
  }

  /** A new key, as `parse` reads it. */
  static generate(id: string): string {
    return `${id}:${randomBytes(keyBytes).toString('base64')}`;
  }

  /** The ids of the keys, the one that encrypts first. */
  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** The id of the key that encrypts. */
  get currentId(): string {
    return this.#currentId;
  }

  /** Encrypts. `owner` is the id of the record that holds the secret: it opens nowhere else. */
  seal(secret: Secret, owner: string): Sealed {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key(this.#currentId), nonce).setAAD(Buffer.from(owner));
    const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
    return `${this.#currentId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}` as Sealed;
  }

  /** Decrypts what `seal` gave for the same owner. Throws when the key is not there or the text was changed. */
  open(sealed: Sealed, owner: string): Secret {
    const keyId = keyIdOf(sealed);
    const key = this.#key(keyId);
    const data = Buffer.from(sealed.slice(keyId.length + 1), 'base64url');
    const nonce = data.subarray(0, nonceBytes);
    const tag = data.subarray(nonceBytes, nonceBytes + tagBytes);
    const text = data.subarray(nonceBytes + tagBytes);
    try {
      // A shorter tag than the whole one would be easier to forge.
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
      return new Secret(Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8'));
    } catch (error) {
      throw new Error(
        `a secret of ${owner} cannot be decrypted: it was changed, or sealed for another record`,
        {
          cause: error,
        },
      );
    }
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (!key) throw new Error(`the encryption key ${id} is not in POSTRIDER_ENCRYPTION_KEYS`);
    return key;
  }
}
