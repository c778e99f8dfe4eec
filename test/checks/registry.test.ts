import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/checks/index.ts';
import { checkPage } from '../../src/report/check-page.ts';
import { findingLines } from '../../src/report/finding-text.ts';
import { plainPaint } from '../../src/report/style.ts';
import { type Check, isQuestion } from '../../src/model/check.ts';
import { type Facts, isLive } from '../../src/model/evidence.ts';
import { isFinding } from '../../src/model/finding.ts';
import { hasAll } from '../../src/evaluate/unanswered.ts';
import { defaultPolicy } from '../../src/model/policy.ts';
import { fixtures } from '../fixtures/index.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';

const pages = 'docs/checks';

test('every check file is registered, once, under its own name', async () => {
  const files = await readdir('src/checks', { recursive: true });
  const names = files
    .filter((file) => /^(?!support\/).+\/.+\.ts$/.test(file))
    .map((file) => basename(file, '.ts'));

  expect(catalogue.map(({ id }) => id).toSorted()).toEqual(names.toSorted());
});

test('every fixture and every page belongs to a check', async () => {
  const ids = catalogue.map(({ id }) => id);
  const written = (await readdir(pages)).map((file) => basename(file, '.md'));

  expect(Object.keys(fixtures).filter((id) => !ids.includes(id))).toEqual([]);
  expect(written.filter((id) => !ids.includes(id))).toEqual([]);
});

test('a check that may read what is seen of the running cluster says what decides it', () => {
  const undecided = catalogue
    .filter(isQuestion)
    .filter((check) => namedBy(check).some(isLive) && check.decidedBy === undefined);

  expect(undecided.map(({ id }) => id)).toEqual([]);
});

function namedBy({ needs, welcomes = [] }: Check): readonly string[] {
  return [...needs, ...welcomes];
}

/** The names of the facts that a check asks for when it examines these. */
function factsRead(check: Check, facts: Partial<Facts>): readonly string[] {
  const read = new Set<string>();
  const watched = new Proxy(facts, {
    get(target, name, receiver): unknown {
      read.add(String(name));
      return Reflect.get(target, name, receiver);
    },
  });
  if (!hasAll(watched, check.needs)) throw new Error(`${check.id} has no facts to examine`);
  const context = { facts: watched, policy: defaultPolicy, now: new Date('2026-01-01') };
  for (const subject of check.targets(watched)) check.examine(subject, context);
  return [...read];
}

describe.each(catalogue)('$id', (check) => {
  const { broken, sound } = fixtures[check.id] ?? { broken: {}, sound: {} };

  test('fails in one place of its broken cluster and nowhere in its sound one', () => {
    const failing = verdicts(check, broken).filter(({ status }) => status !== 'pass');
    const passing = verdicts(check, sound);

    expect(failing).toMatchObject([{ status: 'fail' }]);
    expect(new Set(passing.map(({ status }) => status))).toEqual(new Set(['pass']));
  });

  test('reads no fact that it does not name', () => {
    const named = isQuestion(check) ? namedBy(check) : [];
    const read = isQuestion(check)
      ? [broken, sound].flatMap((facts) => factsRead(check, facts))
      : [];

    expect(read.filter((name) => !named.includes(name))).toEqual([]);
  });

  test('is inconclusive, not green, when it knows nothing', () => {
    expect(verdicts(check, {})).toMatchObject([{ status: 'inconclusive' }]);
  });

  test('says why, says how, and cites something', () => {
    expect(check.title.length).toBeLessThanOrEqual(70);
    expect(check.rationale).toMatch(/\.$/);
    expect(check.remediation).toMatch(/[.?]$/);
    expect(check.references).not.toHaveLength(0);
  });

  test('speaks as messages do: lower case, no full stop, an absolute date', () => {
    const messages = verdicts(check, broken).flatMap((verdict) =>
      verdict.status === 'fail' ? [verdict.message] : [],
    );

    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^([^A-Z ]|[A-Z]+[A-Z_=]).*[^.]$/s);
    // A finding is read on its own: its subject has a name.
    expect(messages.filter((message) => /^its? /.test(message))).toEqual([]);
  });

  test('has an up-to-date page in docs/checks (npm run docs)', async () => {
    const findings = reportOn(check, broken).results.filter(isFinding);
    const output = findings.flatMap((finding) =>
      findingLines({ finding, targets: [finding.target] }, { width: 80, paint: plainPaint }),
    );
    const page = `${checkPage(check)}\n\n## What it looks like\n\n\`\`\`text\n${output.join('\n')}\n\`\`\`\n`;

    await expect(page).toMatchFileSnapshot(`../../${pages}/${check.id}.md`);
  });
});
