import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/checks/index.ts';
import { checkPage } from '../../src/report/check-page.ts';
import { findingLines } from '../../src/report/finding-text.ts';
import { plainPaint } from '../../src/report/style.ts';
import { isQuestion } from '../../src/model/check.ts';
import { isLive } from '../../src/model/evidence.ts';
import { isFinding } from '../../src/model/finding.ts';
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

test('what is seen of the running cluster is never out of scope by default', () => {
  const undecided = catalogue
    .filter(isQuestion)
    .filter(({ needs, decidedBy }) => needs.some(isLive) && decidedBy === undefined);

  expect(undecided.map(({ id }) => id)).toEqual([]);
});

describe.each(catalogue)('$id', (check) => {
  const { broken, sound } = fixtures[check.id] ?? { broken: {}, sound: {} };

  test('fails in one place of its broken cluster and nowhere in its sound one', () => {
    const failing = verdicts(check, broken).filter(({ status }) => status !== 'pass');
    const passing = verdicts(check, sound);

    expect(failing).toMatchObject([{ status: 'fail' }]);
    expect(new Set(passing.map(({ status }) => status))).toEqual(new Set(['pass']));
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
