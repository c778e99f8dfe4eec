import { readFile, writeFile } from 'node:fs/promises';
import { situations } from './index.ts';
import type { Trial } from './trial.ts';

type Row = Omit<Trial, 'situation'> & { readonly name: string };

/** Leaves what was seen in a file; what was expected of it stays in the table of situations. */
export async function writeRows(file: string, trials: readonly Trial[]): Promise<void> {
  const rows = trials.map(({ situation: { name }, ...seen }): Row => ({ name, ...seen }));
  await writeFile(file, JSON.stringify(rows));
}

/** What earlier runs saw, judged by what is expected now. */
export async function readRows(files: readonly string[]): Promise<readonly Trial[]> {
  const read = files.map(async (file): Promise<readonly Trial[]> => {
    const rows: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!areRows(rows)) throw new Error(`${file} was not written by --rows`);
    return rows.flatMap(({ name, ...seen }) => {
      const situation = situations.find((each) => each.name === name);
      return situation === undefined ? [] : [{ situation, ...seen }];
    });
  });
  const all = (await Promise.all(read)).flat();
  // A situation that was tried again counts as it was seen last.
  return [
    ...new Map(all.map((trial) => [`${trial.situation.name} ${trial.version}`, trial])).values(),
  ];
}

/** The text was written by this program. */
function areRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && 'name' in each);
}
