import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api, DemoError } from './api.js';

/**
 * The API of the Postrider that runs, with its sandbox key. The same settings as for `npm start` say where it is:
 * POSTRIDER_PUBLIC_URL or POSTRIDER_PORT (http://localhost:8400), POSTRIDER_SANDBOX_KEY or POSTRIDER_DATA_DIR
 * (`.postrider`, whose `keys.json` holds the key). Throws a DemoError that says what to do.
 */
export async function connect(env: Readonly<Record<string, string | undefined>>): Promise<Api> {
  const url = (env['POSTRIDER_PUBLIC_URL'] || `http://localhost:${env['POSTRIDER_PORT'] || 8400}`).replace(
    /\/+$/,
    '',
  );
  await requireReady(url);
  const api = new Api(url, env['POSTRIDER_SANDBOX_KEY'] || (await readKey(env['POSTRIDER_DATA_DIR'])));
  await api.call('GET', '/me');
  return api;
}

async function requireReady(url: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(`${url}/readyz`);
  } catch {
    throw new DemoError(
      [
        `Postrider does not run at ${url}.`,
        'Start it in another terminal (npm start) and run the demo again once it says "Postrider is ready".',
        'Where it has another port or URL, give the demo the same POSTRIDER_PORT or POSTRIDER_PUBLIC_URL.',
      ].join('\n'),
    );
  }
  if (!response.ok)
    throw new DemoError(`${url}/readyz answered ${response.status}: ${await response.text()}`);
}

async function readKey(dataDir: string | undefined): Promise<string> {
  const path = join(dataDir || '.postrider', 'keys.json');
  try {
    const { sandbox } = JSON.parse(await readFile(path, 'utf8')) as { sandbox?: string };
    if (sandbox !== undefined) return sandbox;
  } catch {
    // The message below is all there is to say.
  }
  throw new DemoError(
    `There is no sandbox key in ${path}. Set POSTRIDER_SANDBOX_KEY, or run the demo where npm start runs.`,
  );
}
