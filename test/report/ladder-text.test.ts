import { expect, test } from 'vitest';
import { endpointName, type EndpointObservation } from '../../src/model/live.ts';
import { ladderLines } from '../../src/report/ladder-text.ts';
import { plainPaint, plainStyle } from '../../src/report/style.ts';
import { text } from '../../src/report/text.ts';
import { allPassed } from './every-verdict.ts';

const escape = String.fromCharCode(27);

const refused: EndpointObservation = {
  target: { kind: 'endpoint', name: 'https://10.0.0.1:2379' },
  endpoint: {
    url: endpointName('https://10.0.0.1:2379'),
    scheme: 'https',
    host: '10.0.0.1',
    port: 2379,
    serves: 'client',
  },
  addresses: ['10.0.0.1'],
  stages: [
    { name: 'resolve', outcome: 'ok', milliseconds: 0.2 },
    { name: 'connect', outcome: 'ok', milliseconds: 1.25 },
    { name: 'first-bytes', outcome: 'ok', milliseconds: 2 },
    { name: 'tls', outcome: 'failed', milliseconds: 4, code: 'ALERT_40' },
    { name: 'application', outcome: 'not-reached', milliseconds: 0 },
  ],
  speaks: 'tls-alert',
  alert: 40,
  messages: [
    { from: 'client', name: 'ClientHello', bytes: 512, milliseconds: 0.1 },
    { from: 'server', name: `Alert 40${escape}[2J`, alert: 40, bytes: 2, milliseconds: 3.96 },
  ],
};

const report = { ...allPassed, facts: { ...allPassed.facts, endpoints: [refused] } };

test('shows each message with its size and time, and marks the step that failed', () => {
  const paint = { ...plainPaint, bad: (words: string) => `<${words}>` };
  const lines = ladderLines(report, { width: 80, paint }).map((line) =>
    line.trim().replaceAll(/ {2,}/g, ' '),
  );

  expect(lines).toEqual([
    'Seen on the wire',
    '',
    'https://10.0.0.1:2379',
    'resolve 0.2 ms',
    'connect 1.3 ms',
    '→ ClientHello 512 B 0.1 ms',
    expect.stringMatching(/^<✕ ← Alert 40\S* 2 B 4\.0 ms>$/),
    '<✕ tls failed: ALERT_40 4.0 ms>',
  ]);
  expect(lines.join('')).not.toContain(escape);
});

test('is shown with --verbose alone', () => {
  expect(text(report, plainStyle)).not.toContain('ClientHello');
  expect(text(report, { ...plainStyle, verbose: true })).toContain('ClientHello');
});

test('keeps within 80 columns', () => {
  const lines = ladderLines(report, { width: 80, paint: plainPaint });

  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('says nothing when nothing was dialled', () => {
  expect(ladderLines(allPassed, { width: 80, paint: plainPaint })).toEqual([]);
});
