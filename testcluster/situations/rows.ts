import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../live/findings.ts';
import { situations } from './index.ts';
import type { Cited } from './scene.ts';
import type { Trial } from './trial.ts';

/** What a judgement needs: paths, addresses and messages differ from run to run. */
interface Row extends Omit<Trial, 'situation' | 'sentence' | 'findings' | 'otherwise' | 'told'> {
  readonly name: string;
  readonly findings: readonly Pick<Finding, 'check' | 'severity' | 'cause'>[];
  readonly told: readonly Omit<Cited, 'line'>[];
}

/** What each situation led to with each release, when it was last tried. */
const file = join(import.meta.dirname, '..', '..', 'docs', 'situations.jsonl');

/** Puts what was seen now in the place of what was seen before, and gives all of it in the order of the table. */
export async function mergeRows(trials: readonly Trial[]): Promise<readonly Trial[]> {
  const all = merged(await readRows(), trials);
  await writeFile(file, all.map((trial) => `${JSON.stringify(rowOf(trial))}\n`).join(''));
  return all;
}

/** A situation that was tried again counts as it was seen last; one that is no longer in the table does not. */
export function merged(before: readonly Trial[], now: readonly Trial[]): readonly Trial[] {
  const byKey = new Map(
    [...before, ...now].map((trial) => [`${trial.situation.name} ${trial.version}`, trial]),
  );
  return [...byKey.values()].toSorted(
    (one, other) => place(one) - place(other) || one.version.localeCompare(other.version),
  );
}

function place({ situation }: Trial): number {
  return situations.indexOf(situation);
}

function rowOf(trial: Trial): Row {
  const { situation, sentence: _sentence, findings, otherwise: _otherwise, told, ...seen } = trial;
  const { name } = situation;
  return {
    name,
    ...seen,
    seconds: Math.round(seen.seconds * 10) / 10,
    findings: findings.map(({ check, severity, cause }) => ({
      check,
      severity,
      ...(cause !== undefined && { cause }),
    })),
    told: told.map(({ cause, isOpen }) => ({ cause, isOpen })),
  };
}

/** What earlier runs saw, judged by what is expected now. */
async function readRows(): Promise<readonly Trial[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const row: unknown = JSON.parse(line);
    if (!isRow(row)) throw new Error(`${file} was not written by this program`);
    const { name, findings, told, ...seen } = row;
    const situation = situations.find((each) => each.name === name);
    if (situation === undefined) return [];
    return {
      situation,
      sentence: '',
      otherwise: [],
      ...seen,
      findings: findings.map((each) => ({ target: '', message: '', alternatives: [], ...each })),
      told: told.map((each) => ({ line: '', ...each })),
    };
  });
}

/** The text was written by this program. */
function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'name' in value && 'findings' in value;
}
