import type { RunningPostrider } from '../postrider.js';

type Environment = 'sandbox' | 'production';

/** What is printed once everything runs. Keys that were given are not repeated: what is printed may be kept in logs. */
export function welcome({ ctx, url, temporalUiUrl, keys }: RunningPostrider): string {
  const { config } = ctx;
  if (config.role === 'worker')
    return `Postrider's worker is ready. Health and metrics: ${url}/readyz, ${url}/metrics`;
  const given = (environment: Environment): string | undefined =>
    config.keys[environment] && `POSTRIDER_${environment.toUpperCase()}_KEY`;
  const shown = (environment: Environment): string => {
    const name = given(environment);
    return name === undefined ? keys[environment].reveal() : `as given in ${name}`;
  };
  const name = given('sandbox');
  const lines = [
    '',
    'Postrider is ready.',
    '',
    `  Console        ${url}/`,
    `  API            ${url}/v1`,
    `  API docs       ${url}/docs`,
    ...(temporalUiUrl === undefined ? [] : [`  Temporal UI    ${temporalUiUrl}`]),
    '',
    `  sandbox key    ${shown('sandbox')}`,
    `  production key ${shown('production')}`,
    '',
    'Open the console and sign in with a key above. Or call the API:',
    '',
    `  curl ${url}/v1/me -H "Authorization: Bearer ${name === undefined ? keys.sandbox.reveal() : `$${name}`}"`,
    '',
    'See deliveries succeed, fail and be retried, in another terminal: npm run demo',
    'Ctrl-C ends everything that was started here.',
    '',
  ];
  return lines.join('\n');
}
