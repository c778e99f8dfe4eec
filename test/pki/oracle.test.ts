import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type GoRelease, goRelease } from '../../src/pki/go-release.ts';
import { asPrinted } from '../../src/pki/malformed.ts';
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
  const judged = cases.map((asked, index) => ({
    asked,
    expected: texts[answers[index] ?? -1] ?? '',
  }));
  // Go has no such question before 1.19, and 1.27 answers it in other words.
  const hasNoQuestion = release.minor < 19 || release.minor >= 27;
  const compared = judged.filter(
    ({ asked: { op, id } }) =>
      !(op === 'crl' && hasNoQuestion) && (release.parser === 'cryptobyte' || !isAccident(id)),
  );

  const differences = compared.flatMap(({ asked, expected }) => {
    const actual = printedBy(release, answer(asked, release));
    // Go 1.27, which builds no etcd yet, adds the reason.
    const cut = expected.replace(/^(tls: failed to parse private key): .*$/, '$1');
    // Of some words of old releases only the first are predicted.
    const isPrefix = actual === 'asn1:' || actual === 'parsing time ';
    return (isPrefix ? cut.startsWith(actual) : actual === cut)
      ? []
      : [{ id: asked.id, expected, actual }];
  });
  expect(differences).toEqual([]);
  expect(answers).toHaveLength(cases.length);
});

/** Certificates with octets changed at random: Go before 1.17, with encoding/asn1, reads some of them otherwise. */
function isAccident(id: string): boolean {
  return id.startsWith('accident ');
}

function printedBy(release: GoRelease, text: string): string {
  return asPrinted({ kind: 'x509.unparsable', text }, release).text;
}

function isRecorded(value: unknown): value is Recorded {
  return typeof value === 'object' && value !== null && 'texts' in value && 'answers' in value;
}

function readRecorded(name: string): Recorded {
  const recorded: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  if (!isRecorded(recorded)) throw new TypeError(`${name} is not in the form that is expected`);
  return recorded;
}
