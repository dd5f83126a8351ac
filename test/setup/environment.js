import { TestEnvironment } from 'jest-environment-node';

/** Node's own, which tells a test file's hooks the name of the test that has just failed: `globalThis.failedTest`. */
export default class Environment extends TestEnvironment {
  handleTestEvent({ name, test }) {
    if (name === 'test_start') delete this.global.failedTest;
    if (name === 'test_fn_failure') this.global.failedTest = test.name;
  }
}
