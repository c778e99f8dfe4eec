import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formats, render, type Format } from '../../src/report/index.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { plainStyle } from '../../src/report/style.ts';
import { checkText } from '../fuzz/check-report.ts';
import { Random } from '../oracle/random.ts';
import {
  junitProblems,
  markdownReader,
  readWithPromtool,
  sarifReader,
} from '../support/format-readers.ts';
import { isMissing } from '../support/missing.ts';
import { runnerCommandsIn } from '../support/runner-commands.ts';
import { everyVerdict } from './every-verdict.ts';
import { hostileReport } from './hostile-report.ts';
import { launch, openPage } from './html/browser.ts';

const style = { ...plainStyle, verbose: true };

/** Reports of a seed, each rendered in the format. */
async function rendered(format: Format, count: number): Promise<readonly string[]> {
  const reports = Array.from({ length: count }, (_, seed) => hostileReport(new Random(seed)));
  return Promise.all(reports.map((report) => render(format, report, style)));
}

test.each(formats)(
  '%s: no character that a terminal obeys, no command to a CI runner',
  async (format) => {
    for (const output of await rendered(format, format === 'html' ? 10 : 60)) {
      checkText(format, output);
      const names = new Set(runnerCommandsIn(output).map(({ name }) => name));
      const own = format === 'github' ? ['error', 'warning', 'notice'] : [];

      expect([...names].filter((name) => !own.includes(name))).toEqual([]);
    }
  },
);

test('json: read back, a report says what it said', async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const report = hostileReport(new Random(seed));

    expect(parseReport(await render('json', report, style))).toEqual(report);
  }
});

test.each([
  ['tool.name', '"name": "etcd-tls-audit"', '"name": "<script>"'],
  ['tool.version', '"version": "0.1.0"', '"version": "0.1.0 -->"'],
  ['checks.0.id', '"id": "client-port-admits-anonymous"', '"id": "a b"'],
  ['results.0.check', '"check": "client-port-admits-anonymous"', '"check": "../x"'],
])('a saved report with another form of %s is refused', async (place, own, other) => {
  const saved = await render('json', everyVerdict, style);

  expect(saved).toContain(own);
  expect(() => parseReport(saved.replace(own, other), 'a.json')).toThrow(`a.json: ${place} must `);
});

test('sarif: valid by the official schema', async () => {
  const problemsOf = await sarifReader();

  expect((await rendered('sarif', 60)).flatMap(problemsOf)).toEqual([]);
});

test('junit: valid by the schema of Jenkins for libxml2', { timeout: 60_000 }, async () => {
  expect(await junitProblems(await rendered('junit', 30))).toEqual([]);
});

test('github: each annotation has a title and a message of its own, and no other property', async () => {
  const benign = runnerCommandsIn(await render('github', everyVerdict, style));
  for (const output of await rendered('github', 60)) {
    const commands = runnerCommandsIn(output);
    const properties = new Set(commands.flatMap((command) => [...command.properties.keys()]));

    expect(commands.length).toBeGreaterThanOrEqual(benign.length);
    // Each line but the last, which says the verdict, is a command.
    expect(output.trimEnd().split('\n')).toHaveLength(commands.length + 1);
    expect(
      [...properties].filter((name) => !['file', 'line', 'col', 'title'].includes(name)),
    ).toEqual([]);
    expect(commands.filter(({ properties: of, data }) => !of.get('title') || data === '')).toEqual(
      [],
    );
  }
});

test.skipIf(isMissing('promtool'))('prometheus: promtool reads it', async () => {
  for (const input of await rendered('prometheus', 10)) {
    expect(() => readWithPromtool(input)).not.toThrow();
  }
});

test('markdown: no element, link or image but those of the report', async () => {
  const strangeIn = await markdownReader();

  expect((await rendered('markdown', 60)).flatMap(strangeIn)).toEqual([]);
});

describe.skipIf(isMissing('chromium'))('html in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  /** Names of elements and attributes, and where links lead. */
  async function contentsOf(html: string) {
    await using opened = await openPage(browser, html);
    const found = await opened.page.evaluate(() => ({
      names: [...document.querySelectorAll('*')].flatMap((element) => [
        element.localName,
        ...element.getAttributeNames().map((name) => `${element.localName}@${name}`),
      ]),
      links: [...document.querySelectorAll('a[href]')].map(
        (link) => link.getAttribute('href') ?? '',
      ),
      scripts: [...document.scripts].map(({ text }) => text),
    }));
    return { ...found, complaints: opened.complaints };
  }

  test(
    'runs no script, asks for nothing, and has no element but its own',
    { timeout: 120_000 },
    async () => {
      const own = await contentsOf(await render('html', everyVerdict, style));
      for (const output of await rendered('html', 10)) {
        const { names, links, scripts, complaints } = await contentsOf(output);

        expect(complaints).toEqual([]);
        expect(scripts).toEqual(own.scripts);
        expect(names.filter((name) => !own.names.includes(name))).toEqual([]);
        expect(links.filter((link) => !/^(?:#|https:\/\/)/.test(link))).toEqual([]);
      }
    },
  );
});
