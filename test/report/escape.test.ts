import { expect, test } from 'vitest';
import { escapeJson, printable, printableLines } from '../../src/report/escape.ts';

test.each([
  ['plain', 'CN=etcd-0.example, O=Lab é 日本', 'CN=etcd-0.example, O=Lab é 日本'],
  ['ANSI', '\u001b[2J', '\\u{1b}[2J'],
  ['C1', '\u009b', '\\u{9b}'],
  ['right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
  ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['zero width', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
  ['line breaks', 'a\nb\r\tc\u2028', 'a\\nb\\r\\tc\\u{2028}'],
  ['lone surrogate', '\ud800', '\\u{d800}'],
  ['tags', '\u{e0041}', '\\u{e0041}'],
  ['the runner’s commands', '::error::x ##[add-mask]y', ':\\u{3a}error::x ##\\u{5b}add-mask]y'],
  ['IPv6 addresses not', 'https://[::1]:2380 fe80::add:1', 'https://[::1]:2380 fe80::add:1'],
  ['stacked marks', `e${'\u0301'.repeat(50)}`, `e${'\u0301'.repeat(4)}…`],
])('makes %s harmless', (_kind, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('cuts what is too long and says how long it was', () => {
  expect(printable('a'.repeat(5000), 10)).toBe('aaaaaaaaaa… (5000 characters)');
});

test('keeps the lines of a text that has several', () => {
  expect(printableLines('one\r\ntwo\u001b')).toEqual(['one', 'two\\u{1b}']);
});

test('escapes JSON without changing what it says', () => {
  const value = { '##[error]': 1, '\u202e': '\u0000\u009b\ud800\u{e0041}\n' };

  expect(JSON.parse(escapeJson(JSON.stringify(value, undefined, 1)))).toEqual(value);
});
