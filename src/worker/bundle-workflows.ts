import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/*
 * The last step of the build: the workflows as one file, so that a worker starts without bundling them. It takes
 * seconds, so it is done only when the workflows or the SDK have changed.
 */
const workflows = new URL('../workflows/', import.meta.url);
const bundle = new URL('../workflow-bundle.js', import.meta.url);
const sdk = new URL('../../node_modules/@temporalio/worker/package.json', import.meta.url);

const hash = await hashOf(sdk, ...(await scripts()));
if ((await firstLine(bundle)) !== `// ${hash}`) {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('index.js', workflows)),
    logger: new DefaultLogger('WARN'),
  });
  const draft = new URL(`../workflow-bundle.${process.pid}.js`, import.meta.url);
  await writeFile(draft, `// ${hash}\n${code}`);
  await rename(draft, bundle);
}

async function scripts(): Promise<URL[]> {
  const names = (await readdir(workflows)).filter((name) => name.endsWith('.js'));
  return names.toSorted().map((name) => new URL(name, workflows));
}

async function hashOf(...files: URL[]): Promise<string> {
  const digest = createHash('sha256');
  for (const file of files) digest.update(await readFile(file));
  return digest.digest('hex');
}

async function firstLine(file: URL): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text?.slice(0, text.indexOf('\n'));
}
