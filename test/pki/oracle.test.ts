import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { goRelease } from '../../src/pki/go-release.ts';
import { answer } from '../oracle/answer.ts';
import { oracleCases } from '../oracle/cases.ts';
import type { OracleCase } from '../oracle/oracle-case.ts';

/** What Go said, as tools/record-oracle.ts writes it. */
interface Recorded {
  readonly go: string;
  readonly texts: readonly string[];
  readonly answers: readonly number[];
}

const folder = new URL('../oracle/golden/', import.meta.url);
const cases = oracleCases();

test.each(readdirSync(folder))('answers as Go did in %s', (name) => {
  const { go, texts, answers } = readRecorded(name);
  const release = goRelease(go);
  const judged = cases.map((asked, index) => ({
    asked,
    expected: texts[answers[index] ?? -1] ?? '',
  }));
  // Go has no such question before 1.19, and 1.27 answers it in other words.
  const hasNoQuestion = release.minor < 19 || release.minor >= 27;
  const compared = judged.filter(
    ({ asked: { op }, expected }) =>
      !(op === 'crl' && hasNoQuestion) &&
      (release.parser === 'cryptobyte' || isPredictedForOld(op, expected)),
  );

  const differences = compared.flatMap(({ asked, expected }) => {
    const actual = answer(asked, release);
    // Go 1.27, which builds no etcd yet, adds the reason.
    const cut = expected.replace(/^(tls: failed to parse private key): .*$/, '$1');
    // What package time says of a broken date is not predicted; that it is refused is.
    const isOfTime = release.minor < 19 && expected.startsWith('parsing time ');
    return (isOfTime ? actual !== '' : actual === cut) ? [] : [{ id: asked.id, expected, actual }];
  });
  expect(differences).toEqual([]);
  expect(answers).toHaveLength(cases.length);
});

/** What is predicted for Go before 1.17, whose encoding/asn1 takes and refuses other broken DER. */
function isPredictedForOld(op: OracleCase['op'], expected: string): boolean {
  return op === 'pem' || (op === 'verify' && !expected.startsWith('asn1: '));
}

function isRecorded(value: unknown): value is Recorded {
  return typeof value === 'object' && value !== null && 'texts' in value && 'answers' in value;
}

function readRecorded(name: string): Recorded {
  const recorded: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  if (!isRecorded(recorded)) throw new TypeError(`${name} is not in the form that is expected`);
  return recorded;
}
