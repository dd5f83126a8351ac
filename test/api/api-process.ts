import { KeyRing } from '../../src/crypto/key-ring.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';

/** An API without a worker: what is published stays pending, so answers do not change under a test. */
export async function startTestApi(env: Record<string, string> = {}): Promise<TestPostrider> {
  return startTestPostrider({
    env: { POSTRIDER_ROLE: 'api', POSTRIDER_ENCRYPTION_KEYS: KeyRing.generate('test'), ...env },
  });
}
