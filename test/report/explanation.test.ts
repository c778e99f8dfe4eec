import { expect, test } from 'vitest';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { incidentJson, incidentText } from '../../src/report/explanation.ts';
import { plainPaint } from '../../src/report/style.ts';

const page = { width: 80, paint: plainPaint };

test('gives the conclusion first: what it is, who connects, which side rejected, why, and what to do', () => {
  const lines = textOf([
    rejected("tls: client didn't provide a certificate"),
    rejected("tls: client didn't provide a certificate"),
    'Error: context deadline exceeded',
  ]);

  expect(lines[0]).toMatch(/^Cause: the client sent no certificate, and the server requires one/);
  expect(lines.join('\n')).toContain('[NOCERT]');
  expect(lines.find((line) => line.includes('who'))).toMatch(/2 lines from 10\.0\.0\.9 \(2\)/);
  expect(lines.join(' ')).toMatch(/lines +3 of 3 lines have a known wording; all follow from this/);
  expect(lines.join(' ')).toMatch(
    /rejected +by the listening side, which checked the client +certificate/,
  );
  expect(lines.join(' ')).toMatch(/fix +Find the program at 10\.0\.0\.9/);
  expect(lines.join('\n')).toMatch(/follow from this cause.*\n {7}1 {2}the client gave up/);
});

test('an undecided case states no cause and says where to look', () => {
  const text = textOf([rejected('remote error: tls: bad certificate')]).join('\n');

  expect(text).toMatch(/^Undecided: a client rejected the server certificate/);
  expect(text).toMatch(/possible [^]*\[SAN\]/);
  expect(text).toMatch(/next look +the log of the program at 10\.0\.0\.9/);
  expect(text).not.toMatch(/ {2}fix/);
});

test('fits 80 columns, keeps the tail of a long line and lets nothing hostile through', () => {
  const hostile = `\u001b[2J${'a'.repeat(3000)}\u202e`;
  const inputs = [
    rejected(`x509: certificate is valid for ${hostile}, not b.example`),
    `open /etc/${hostile}/x.pem: no such file or directory`,
    rejected('EOF'),
    `Get "https://${'h'.repeat(240)}:443/": x509: certificate signed by unknown authority`,
  ];
  for (const input of [...inputs.map((each) => [each]), inputs]) {
    const text = textOf(input).join('\n');
    const json = jsonOf(input);

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(`${text}${json}`).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  }
  expect(textOf([inputs[0] ?? '']).join('\n')).toContain('not b.example');
});

test('no fix is told twice', () => {
  const lines = textOf([
    rejected(
      'tls: failed to verify client certificate: x509: certificate signed by unknown authority',
    ),
    rejected('x509: certificate signed by unknown authority'),
    'remote error: tls: unknown certificate authority',
  ]);
  const fixes = lines
    .join(' ')
    .split(/ {2}fix +/)
    .slice(1);

  expect(new Set(fixes).size).toBe(fixes.length);
});

test('says so where nothing is known', () => {
  expect(textOf(['all is well', 'indeed'])).toEqual(['2 lines read, none in a known wording.']);
});

test('gives scripts the same as JSON', () => {
  const parsed: unknown = JSON.parse(jsonOf([rejected('EOF'), 'nothing']));

  expect(parsed).toMatchObject({
    schemaVersion: 2,
    linesRead: 2,
    linesRecognised: 1,
    conclusion: {
      cause: 'NOISE',
      confidence: 'likely',
      harmless: true,
      count: 1,
      remoteAddresses: { '10.0.0.9': 1 },
    },
    also: [],
  });
});

function textOf(lines: readonly string[]): readonly string[] {
  return incidentText(incidentOf(lines), page).trimEnd().split('\n');
}

function jsonOf(lines: readonly string[]): string {
  return incidentJson(incidentOf(lines));
}

function incidentOf(lines: readonly string[]) {
  const log = logExplainer();
  for (const line of lines) log.add(line);
  return log.incident();
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
