import { marked } from 'marked';
import { expect, test } from 'vitest';
import { printable } from '../../src/report/escape.ts';
import { markdown } from '../../src/report/markdown.ts';
import { cell, code, fenced, prose } from '../../src/report/markdown-text.ts';
import { hostileText } from '../fuzz/hostile-text.ts';
import { Random } from '../oracle/random.ts';
import { check, endless, everyVerdict } from './every-verdict.ts';

test('has the verdict, a table and each finding in full', async () => {
  await expect(markdown(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.md');
});

test.each([
  ['the port is open to anyone', 'the port is open to anyone'],
  ['set --client-cert-auth=true, then restart', 'set `--client-cert-auth=true`, then restart'],
  ['<img src=x> @someone #12', '`<img src=x> @someone #12`'],
  ['see https://evil.test/a_b_.', 'see `https://evil.test/a_b_`.'],
  ['commit deadbeefcafe', 'commit `deadbeefcafe`'],
  ['a `b` c', 'a b c'],
  ['1. of port 2379.', '`1.` of port 2379.'],
])('reads %j as prose', (text, expected) => {
  expect(prose(text)).toBe(expected);
});

test('fences code so that nothing in it ends the fence', () => {
  expect(code('a ``b`` c')).toBe('```a ``b`` c```');
  expect(code('`')).toBe('`` ` ``');
  expect(fenced(['````', 'x'])).toBe('`````text\n````\nx\n`````');
  expect(cell('a|b')).toBe('a\\|b');
  expect(cell('a\\|b')).toBe('a\\ \\|b');
});

test('stays within what a comment may hold', () => {
  const results = Array.from({ length: 500 }, (_, index) => ({
    check: check(`check-${index}`, 'high'),
    target: { kind: 'member', name: `node${index}`, member: `node${index}` } as const,
    basis: 'stated' as const,
    verdict: { status: 'fail', message: endless } as const,
  }));

  const report = markdown({ ...everyVerdict, results });

  expect(report.length).toBeLessThan(65_000);
  expect(report).toContain('The report is longer than fits here');
});

/** How cmark-gfm, which GitHub runs, splits a row: a backslash keeps in whatever punctuation follows it. */
function cellsOf(row: string): readonly string[] {
  const cells = row.match(/(?:\\[!-/:-@[-`{-~]|[^|\n])+/g) ?? [];
  return cells.map((text) => text.trim()).filter((text) => text !== '');
}

test('no name leaves its cell or its code, in the parser of GitHub and in another one', () => {
  const random = new Random(14);
  for (let round = 0; round < 5000; round += 1) {
    const name = hostileText(random);
    const row = `| high | ${cell(prose(name))} | ${cell(code(name))} | end |`;
    const html = marked.parse(`| a | b | c | d |\n|---|---|---|---|\n${row}\n`);
    const tags = [...html.matchAll(/<\/?([a-z]+)/g)].map(([, tag]) => tag);

    const isBlank = printable(name).replaceAll('`', '').trim() === '';
    const found = {
      row,
      cells: cellsOf(row).length,
      fields: html.match(/<td>/g)?.length,
      strange: tags.filter((tag = '') => !/^(?:table|thead|tbody|tr|th|td|code)$/.test(tag)),
    };
    expect(found).toEqual({ row, cells: isBlank ? 3 : 4, fields: 4, strange: [] });
  }
});
