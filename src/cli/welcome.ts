import type { RunningPostrider } from '../postrider.js';

/** What is printed once everything runs: where to go, the keys, and a first command to try. */
export function welcome({ url, temporalUiUrl, keys }: RunningPostrider): string {
  const lines = [
    '',
    'Postrider is ready.',
    '',
    `  API            ${url}/v1`,
    `  API docs       ${url}/docs`,
    ...(temporalUiUrl === undefined ? [] : [`  Temporal UI    ${temporalUiUrl}`]),
    '',
    `  sandbox key    ${keys.sandbox.reveal()}`,
    `  production key ${keys.production.reveal()}`,
    '',
    'Try it:',
    '',
    `  curl ${url}/v1/me -H 'Authorization: Bearer ${keys.sandbox.reveal()}'`,
    '',
    'See deliveries succeed, fail and be retried, in another terminal: npm run demo',
    'Ctrl-C ends everything that was started here.',
    '',
  ];
  return lines.join('\n');
}
