import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { attemptErrorCodes, problemCodes } from '../../src/errors/codes.js';
import type { TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';

/** The rows of the tables under each heading of docs/errors.md, a row as its cells. */
async function documented(heading: string): Promise<string[][]> {
  const text = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/errors.md', () => {
  it('lists exactly the codes of answers, with their status, meaning and what to do', async () => {
    expect(await documented('Answers to calls')).toEqual(
      Object.entries(problemCodes).map(([code, { status, title, advice }]) => [
        `\`${code}\``,
        String(status),
        title,
        advice,
      ]),
    );
  });

  it('lists exactly the codes of attempts', async () => {
    expect(await documented('Attempts')).toEqual(
      Object.entries(attemptErrorCodes).map(([code, { title, advice }]) => [`\`${code}\``, title, advice]),
    );
  });
});

describe('the page of errors', () => {
  let postrider: TestPostrider;

  beforeAll(async () => {
    postrider = await startTestApi();
  });

  afterAll(async () => postrider.stop());

  it('is where the type of each problem document leads', async () => {
    const { body: problem } = await postrider.api.get('/v1/webhooks/unknown');
    const type = new URL(problem.type as string, postrider.url);
    const page = await fetch(type);
    expect(page.status).toBe(200);
    const html = await page.text();
    for (const code of Object.keys(problemCodes)) expect(html).toContain(`id="${code}"`);
    for (const code of Object.keys(attemptErrorCodes)) expect(html).toContain(`id="attempt-${code}"`);
    expect(html).not.toMatch(/<key>|<script/);
  });
});
