import { expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { isExpected } from '../../src/temporal/runtime.js';

/** What is left of a value on its way to another thread, as from that of a workflow to that of the logs. */
function acrossThreads(value: unknown): unknown {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2) as { message: unknown };
  port1.close();
  return message;
}

const failed = ApplicationFailure.nonRetryable('exhausted, attempt 2: connection', 'exhausted');

it.each([
  ['a delivery that failed for good', acrossThreads(new Error('activity', { cause: failed })), true],
  ['an attempt that is tried again', ApplicationFailure.retryable('HTTP 503', 'attempt_failed'), true],
  ['any other error of a workflow', acrossThreads(new Error('a', { cause: new TypeError('b') })), false],
  ['no error', undefined, false],
])('takes for expected, or not: %s', (_what, error, expected) => {
  expect(isExpected(error)).toBe(expected);
});
