import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../src/checks/index.ts';
import { program } from '../src/cli/program.ts';
import { settingsWords } from '../src/etcd/settings-words.ts';
import { rules } from '../src/forecast/rules.ts';
import { problemReasons } from '../src/model/problem-words.ts';
import { fixtures } from './fixtures/index.ts';
import { stringLiterals } from './support/string-literals.ts';
import { reportOn, verdicts } from './support/verdicts.ts';

/** Words that a native reader stumbles over, or that leave a sentence without a subject. */
const forbidden =
  /\b(anew|anybody|as far as|beside|dial(s|led|ling)?|everybody|foretells?|foretold|hangs? by|held against|(?<!there )is no (?!longer)|lets? in|let in|mend(s|ed)?|nobody|no one|somebody|stands? (in|here|there|at|between|before)|strangers?|taken (for|to be)|told|untold|without a word|whoever|whom)\b/i;

const subjectless = /^(it|its|they|whoever|nobody|anybody|everybody|one|this|that)\b/i;

/** What follows "because" in the reasons of guesses may begin so, nothing else. */
const pronoun = /^(it|they|whoever|nobody|anybody|everybody|somebody) [a-z]/i;

/** A subject that is one of several. */
const nameless =
  /^(the|this) (endpoint|(client |peer |metrics )?port|member|running process|file|trusted CA file)\b(?! (of|at) )(?! https?:)/i;

/** How a fix begins: with what the reader does. */
const verbs =
  /^(Add|Advertise|Allow|Append|Change|Check|Compact|Compare|Configure|Connect|Convert|Correct|Create|Do not|Fill|Finish|Find out|Fix|Give|Have|Install|Issue|Keep|Let|List|Listen|Look for|Make|Merge|Mount|Move|Never|Plan|Promote|Put|Read|Recreate|Reissue|Remove|Renew|Replace|Restart|Restore|Run|Serve|Set|Start|Swap|Take|Upgrade|Use|Wait|Write)\b/;

/** Commands and what programs print are not this product's words. */
function prose(text: string): string {
  return text.replaceAll(/`[^`]*`|"[^"]*"/g, '');
}

function stumbles(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => forbidden.test(prose(text)));
}

describe.each(catalogue)('the words of $id', (check) => {
  const { title, rationale, remediation } = check;
  const failures = verdicts(check, fixtures[check.id]?.broken ?? {}).flatMap((verdict) =>
    verdict.status === 'fail' ? [verdict] : [],
  );
  const fixes = [remediation, ...failures.flatMap(({ fix }) => fix ?? [])];

  test('are plain', () => {
    const found = failures.flatMap(({ message, expected = '' }) => [message, expected]);

    expect(stumbles([title, rationale, ...fixes, ...found])).toEqual([]);
  });

  test('name the member and its port: in most formats the target is another field', () => {
    const { results } = reportOn(check, fixtures[check.id]?.broken ?? {});
    const unnamed = results.flatMap(({ target, verdict }) =>
      verdict.status === 'fail' &&
      (nameless.test(verdict.message) ||
        (target.kind === 'endpoint' && !verdict.message.includes(target.member ?? '')))
        ? [verdict.message]
        : [],
    );

    expect(unnamed).toEqual([]);
  });

  test('are a title without an article, messages with a subject, fixes with a verb', () => {
    expect(title).toMatch(/^(?!A |An |One ).*[^.]$/);
    expect(failures.filter(({ message }) => subjectless.test(message))).toEqual([]);
    expect(fixes.filter((fix) => !verbs.test(fix))).toEqual([]);
  });
});

test('the remedies of rules are plain and begin with a verb', () => {
  const circumstances = new Proxy({}, { get: (_target, name) => `<${String(name)}>` });
  const remedies = Object.values(rules).flatMap(({ remedy }) =>
    remedy === undefined ? [] : [String(Reflect.apply(remedy, undefined, [circumstances]))],
  );

  expect(remedies.length).toBeGreaterThan(30);
  expect(stumbles(remedies)).toEqual([]);
  expect(
    remedies.filter((remedy) => !verbs.test(`${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`)),
  ).toEqual([]);
});

test('problems of settings are in plain words, and their remedies begin with a verb', () => {
  const words = problemReasons.map((why) =>
    settingsWords({ kind: 'without-effect', name: 'X', why }),
  );
  const remedies = words.flatMap(({ remedy }) => remedy ?? []);

  expect(remedies.length).toBeGreaterThan(20);
  expect(stumbles(words.flatMap(({ detail, remedy = '' }) => [detail, remedy]))).toEqual([]);
  expect(remedies.filter((remedy) => !verbs.test(remedy))).toEqual([]);
});

test('the help texts are plain', () => {
  const root = program(() => undefined);
  const lines = [root, ...root.commands].flatMap((command) =>
    command.helpInformation().split('\n'),
  );

  expect(lines.length).toBeGreaterThan(100);
  expect(stumbles(lines)).toEqual([]);
});

/** What etcd, Go and OpenSSL print with one of the words, and text that no reader sees as a sentence. */
const notOurs = /^dial tcp[ :]|^error while dialing|Error while dialing|^(?:[a-z]+-)+[a-z]+$/;

test('every string of the program is plain', async () => {
  const all = await stringLiterals('src');
  const sentences = all.filter(({ text }) => text.includes(' ') && !notOurs.test(text));

  expect(sentences.length).toBeGreaterThan(2500);
  expect(sentences.filter(({ text }) => stumbles([text]).length > 0)).toEqual([]);
});

test('every message of the program has a subject', async () => {
  const all = await stringLiterals('src');
  const messages = all.filter(({ file }) => !file.startsWith('src/deployment/roles/'));

  expect(messages.filter(({ text }) => pronoun.test(text))).toEqual([]);
});

/** Of the forbidden words, those that are wrong wherever they are. */
const alwaysOdd =
  /\b(anew|anybody|beside|everybody|foretells?|foretold|mend(s|ed)?|nobody|somebody|strangers?|untold|whoever|whom)\b/i;

/** Written from the sources by other tests and runs. */
const generated = /^(?:fidelity|layouts|limits)\.md$/;

test.each(['src', 'testcluster', 'tools', 'bench'])('comments in %s are plain', (directory) => {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(directory, file));
  const comments = files.flatMap((file) =>
    linesOf(file).filter(({ line }) => /^\s*(?:\/\/|\/?\*)/.test(line)),
  );

  expect(comments.length).toBeGreaterThan(files.length);
  expect(comments.filter(({ line }) => alwaysOdd.test(prose(line)))).toEqual([]);
});

test('titles of tests are plain', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('test', file));
  const titles = files.flatMap((file) =>
    titlesIn(readFileSync(file, 'utf8')).map((title) => ({ file, title })),
  );

  expect(titles.length).toBeGreaterThan(files.length);
  expect(titles.filter(({ title }) => alwaysOdd.test(prose(title)))).toEqual([]);
});

/** First arguments of `test`, `describe` and what their `each` and `for` give. */
function titlesIn(source: string): readonly string[] {
  const calls =
    /^ *(?:(?:test|describe)(?:\.\w+)?|.*\))\(\s*(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1,\s/gm;
  return [...source.matchAll(calls)].map(([, , title = '']) => title);
}

test('documents that are written by hand are plain', () => {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md') && !generated.test(name));
  const documents = [
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    ...pages.map((name) => join('docs', name)),
  ];
  const lines = documents.flatMap(linesOf);

  expect(pages.length).toBeGreaterThan(10);
  expect(lines.filter(({ line }) => alwaysOdd.test(prose(line)))).toEqual([]);
});

function linesOf(file: string) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ place: `${file}:${index + 1}`, line }));
}
