import { readFileSync } from 'node:fs';

const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Postrider's version, as `package.json` has it. */
export const version = text;
