import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skipWithout } from '../support/skip-without.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Block, excerpt, exitCodeOf, isRun, type Step, stepsOf, withOutputs } from './page.ts';

skipWithout('etcd', 'network');

const opened: { desk?: Desk } = {};

beforeAll(async () => {
  opened.desk = await openDesk();
});

afterAll(async () => {
  await opened.desk?.[Symbol.asyncDispose]();
});

const pages = ['README.md', ...(await readdir('docs')).map((name) => join('docs', name))].filter(
  (path) => path.endsWith('.md') && !path.includes('fidelity'),
);

/** Milliseconds: a page runs up to twenty commands. */
const timeout = 120_000;

test.each(pages)('the commands of %s end and print as the page says', { timeout }, async (path) => {
  const page = await readFile(path, 'utf8');
  const outputs = new Map<Block, string>();
  for (const step of stepsOf(page).filter(({ command }) => isRun(command))) {
    const printed = await printedBy(step);
    if (step.output !== undefined) outputs.set(step.output, excerpt(printed, step.output));
  }

  await expect(withOutputs(page, outputs)).toMatchFileSnapshot(join('..', '..', path));
});

async function printedBy({ command, output }: Step): Promise<string> {
  if (opened.desk === undefined) throw new Error('no desk was opened');
  const { code, stdout, stderr } = await opened.desk.run(command.code);
  // The whole of it is what tells why a command ended otherwise.
  expect({ code, stdout, stderr }).toMatchObject({ code: exitCodeOf(command) });
  return output?.note === 'standard error' ? stderr : stdout;
}
