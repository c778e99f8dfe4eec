import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { numbersIn, withNumber } from '../../support/numbers-of-sources.ts';
import { ofFiles } from './files.ts';
import { ofJudgement } from './judgement.ts';
import type { Limit } from './limit.ts';
import { ofNetwork } from './network.ts';
import { ofScripts } from './scripts.ts';
import { ofSettings } from './settings.ts';
import { noLimits } from './no-limits.ts';

const limits: readonly Limit[] = [
  ...ofFiles,
  ...ofSettings,
  ...ofScripts,
  ...ofNetwork,
  ...ofJudgement,
];

/** All numbers that sources have names for. */
const numbers = await numbersOfSources();

async function numbersOfSources() {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  const found = files
    .toSorted()
    .map(async (file) => numbersIn(file, await readFile(`src/${file}`, 'utf8')));
  return (await Promise.all(found)).flat();
}

function numberOf({ file, constant }: Pick<Limit, 'file' | 'constant'>) {
  const found = numbers.find((each) => each.file === file && each.constant === constant);
  if (found === undefined) throw new Error(`${file} has no number ${constant}`);
  return found;
}

/** Without its limit, an input is never said to be beyond it: what says so in the output is the limit. */
test.each(limits)('$of: $file $constant', { timeout: 120_000 }, async (limit) => {
  const { read, says } = limit;

  expect(await read()).toMatch(says);
  expect(await withNumber(numberOf(limit), 1e9, read)).not.toMatch(says);
});

function shownValue(value: number, unit: Limit['unit']): string {
  const mebibytes = value / 2 ** 20;
  if (unit === 'bytes' && Number.isInteger(mebibytes)) return `${mebibytes} MiB`;
  return [value.toLocaleString('en-US'), unit].filter(Boolean).join(' ');
}

test('docs/limits.md has the values of the sources', async () => {
  const rows = limits.map((limit) => [
    limit.of,
    shownValue(numberOf(limit).value, limit.unit),
    limit.why,
    limit.beyond,
  ]);
  const table = [['Limit of', 'Value', 'Why', 'Beyond it'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');

  await expect(`${heading}\n${table}`).toMatchFileSnapshot('../../../docs/limits.md');
});

const heading = `# Limits

Every input is bounded. What is beyond a limit is named, and never part of a PASS. This page is written from the sources (\`npm run docs\`). A test
reads an input just beyond each limit, and reads it again without the limit: what is said of the limit must then be gone.
`;

test('every number of the sources that has a name is a limit in the table, or said to be none', () => {
  const listed = new Set([
    ...limits.map(({ file, constant }) => `${file} ${constant}`),
    ...Object.values(noLimits).flat(),
  ]);
  const named = numbers.map(({ file, constant }) => `${file} ${constant}`);

  expect(named.filter((each) => !listed.has(each))).toEqual([]);
  expect([...listed].filter((each) => !named.includes(each))).toEqual([]);
});
