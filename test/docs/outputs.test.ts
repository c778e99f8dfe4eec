import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skipWithout } from '../support/skip-without.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Block, excerpt, exitCodeOf, isRun, stepsOf, withOutputs } from './page.ts';

skipWithout('etcd');

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
  for (const { command, output } of stepsOf(page).filter((step) => isRun(step.command))) {
    const ended = await opened.desk?.run(command.code);
    const said = `${command.code}${ended?.stdout}${ended?.stderr}`;
    expect(ended?.code, said).toBe(exitCodeOf(command));
    if (output === undefined) continue;
    const printed = output.note === 'standard error' ? ended?.stderr : ended?.stdout;
    outputs.set(output, excerpt(printed ?? '', output));
  }

  await expect(withOutputs(page, outputs)).toMatchFileSnapshot(join('..', '..', path));
});
