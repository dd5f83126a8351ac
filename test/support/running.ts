import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { OAuthServer, type Credentials } from './oauth-server.js';
import { startTestPostrider, type TestOptions, type TestPostrider } from './postrider.js';
import { Receiver } from './receiver.js';

// What a test file has running. It says so at its head, or at the head of a `describe` block, by the functions below: they start it
// before these tests (all of them, or each), and stop it after them.

/** There from `beforeAll` on, where `postriderForAll` was called. */
export let postrider: TestPostrider;
/** There from `beforeAll` on where `receiverForAll` was called, from `beforeEach` on where `receiverForEach` was. */
export let receiver: Receiver;
/** There from `beforeAll` on where `oauthServerForAll` was called, from `beforeEach` on where `oauthServerForEach` was. */
export let oauth: OAuthServer;

/** One Postrider for all tests here; see `startTestPostrider`. */
export function postriderForAll(options: TestOptions = {}): void {
  beforeAll(async () => {
    postrider = await startTestPostrider(options);
  });
  afterAll(async () => {
    await postrider.stop();
  });
}

/** One receiver for all tests here. */
export function receiverForAll(): void {
  beforeAll(async () => {
    receiver = await Receiver.start();
  });
  afterAll(async () => {
    await receiver.stop();
  });
}

/** A receiver of its own for each test here. */
export function receiverForEach(): void {
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(async () => {
    await receiver.stop();
  });
}

/** One OAuth server for all tests here, which knows this client. */
export function oauthServerForAll(credentials: Credentials): void {
  beforeAll(async () => {
    oauth = await OAuthServer.start(credentials);
  });
  afterAll(async () => {
    await oauth.stop();
  });
}

/** An OAuth server of its own for each test here, which knows this client. */
export function oauthServerForEach(credentials: Credentials): void {
  beforeEach(async () => {
    oauth = await OAuthServer.start(credentials);
  });
  afterEach(async () => {
    await oauth.stop();
  });
}
