/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- plain JavaScript, as it runs before anything is compiled */
/**
 * Lets a child process run the sources as they are: `node --import <this file> src/x.ts`. Resolves the `.js` of an
 * import to the `.ts` beside it, and compiles as jest does.
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';

// Node loads this file a second time, in the thread of the hooks.
if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  const fromSources = context.parentURL?.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier);
  return next(fromSources ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const jsc = { target: 'es2023', parser: { syntax: 'typescript' } };
  const options = { filename: path, jsc, module: { type: 'es6' }, sourceMaps: 'inline', swcrc: false };
  const { code } = await transform(await readFile(path, 'utf8'), options);
  return { format: 'module', source: code, shortCircuit: true };
}
