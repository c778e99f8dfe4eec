import { expect, test } from 'vitest';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { explanationJson, explanationText } from '../../src/report/explanation.ts';
import { plainPaint } from '../../src/report/style.ts';

const page = { width: 80, paint: plainPaint };

test('tells what it is, who knocks, who refused whom, why, and what to do', () => {
  const [episode] = episodesOf([
    rejected("tls: client didn't provide a certificate"),
    rejected("tls: client didn't provide a certificate"),
  ]);

  const lines = explanationText(episode, page).trimEnd().split('\n');

  expect(lines[0]).toBe('the client sent no certificate, and the server demands one  [NOCERT]');
  expect(lines.find((line) => line.includes('who'))).toMatch(/2 lines from 10\.0\.0\.9 \(2\)/);
  expect(lines.join(' ')).toMatch(
    /refused\s+by the accepting side, which judged the client certificate/,
  );
  expect(lines.join(' ')).toMatch(/fix\s+Configure certificate and key/);
});

test('fits 80 columns and lets nothing hostile through', () => {
  const [episode] = episodesOf([
    rejected(`x509: certificate is valid for \u001b[2J${'a'.repeat(3000)}\u202e, not b`),
  ]);

  const text = explanationText(episode, page);

  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text.includes('\u001b')).toBe(false);
  expect(text.includes('\u202e')).toBe(false);
});

test('gives scripts the same as JSON', () => {
  const parsed: unknown = JSON.parse(explanationJson(episodesOf([rejected('EOF')]), 7));

  expect(parsed).toMatchObject({
    schemaVersion: 1,
    linesRead: 7,
    episodes: [{ cause: 'NOISE', harmless: true, count: 1, remoteAddresses: { '10.0.0.9': 1 } }],
  });
});

function episodesOf(lines: readonly string[]) {
  const log = logExplainer();
  for (const line of lines) log.add(line);
  const [first, ...others] = log.episodes();
  if (first === undefined) throw new Error('no line was understood');
  return [first, ...others] as const;
}

function rejected(error: string): string {
  return JSON.stringify({
    level: 'warn',
    ts: '2026-01-01T00:00:00Z',
    msg: 'rejected connection on client endpoint',
    'remote-addr': '10.0.0.9:4',
    error,
  });
}
