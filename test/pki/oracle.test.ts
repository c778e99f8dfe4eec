import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { goRelease } from '../../src/pki/go-release.ts';
import { answer } from '../oracle/answer.ts';
import { oracleCases } from '../oracle/cases.ts';

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
  // What encoding/asn1 says of broken DER is not foretold, word for word, for Go before 1.17.
  const judged = cases.map((asked, index) => ({ asked, expected: texts[answers[index] ?? -1] }));
  const compared = judged.filter(
    ({ asked, expected = '' }) =>
      !(asked.op === 'crl' && release.minor >= 27) &&
      (release.parser === 'cryptobyte' ||
        asked.op === 'pem' ||
        (asked.op === 'verify' && !/^(?:asn1: |parsing time )/.test(expected))),
  );

  const differences = compared.flatMap(({ asked, expected }) => {
    const actual = answer(asked, release);
    // Go 1.27, which builds no etcd yet, adds the reason.
    const cut = expected?.replace(/^(tls: failed to parse private key): .*$/, '$1');
    return actual === cut ? [] : [{ id: asked.id, expected, actual }];
  });
  expect(differences).toEqual([]);
  expect(answers).toHaveLength(cases.length);
});

function isRecorded(value: unknown): value is Recorded {
  return typeof value === 'object' && value !== null && 'texts' in value && 'answers' in value;
}

function readRecorded(name: string): Recorded {
  const recorded: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  if (!isRecorded(recorded)) throw new TypeError(`${name} is not in the form that is expected`);
  return recorded;
}
