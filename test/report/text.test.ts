import { expect, test } from 'vitest';
import type { Report, Result } from '../../src/model/report.ts';
import type { Severity } from '../../src/model/severity.ts';
import { text } from '../../src/report/text.ts';
import { plainPaint, plainStyle } from '../../src/report/style.ts';
import { withVerdict } from '../support/with-verdict.ts';
import { allPassed, check as aCheck, everyVerdict } from './every-verdict.ts';

test('shows every verdict, grouped by member, worst first', async () => {
  await expect(text(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.txt');
});

test('shows passes and guesses when asked for more', async () => {
  const report = text(everyVerdict, { ...plainStyle, verbose: true, width: 100 });

  await expect(report).toMatchFileSnapshot('golden/every-verdict-verbose.txt');
});

test.each([40, 80, 120])('keeps within %i columns, but for commands to copy', (width) => {
  const lines = text(everyVerdict, { ...plainStyle, width }).split('\n');

  expect(lines.filter((line) => line.length > width && !/ETCD_[A-Z_]+=/.test(line))).toEqual([]);
});

test('lets nothing through that moves the cursor or reorders text', () => {
  const report = text(everyVerdict, { ...plainStyle, verbose: true });

  expect(report).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
});

test('colours only where a paint is given', () => {
  const paint = { ...plainPaint, bad: (word: string) => `<${word}>` };

  expect(text(everyVerdict, { ...plainStyle, paint })).toContain('<FAIL>');
  expect(text(everyVerdict)).not.toContain('\u001b');
});

test.each<{ outcome: string; report: Report }>([
  { outcome: 'PASS: no problems found; real etcd accepts this set', report: allPassed },
  {
    outcome: 'INCOMPLETE: nothing could be examined',
    report: withVerdict({ ...allPassed, results: [] }),
  },
  {
    outcome: 'INCOMPLETE: no problems found, but x: y\nNext: x: y',
    report: withVerdict({ ...allPassed, gaps: [{ what: 'x', because: 'y', asked: true }] }),
  },
  {
    outcome: 'FAIL: a waiver has expired',
    report: withVerdict({ ...allPassed, waivers: everyVerdict.waivers ?? [] }),
  },
])('says $outcome', ({ outcome, report }) => {
  expect(text(report)).toContain(outcome);
});

test('is green when what was found is below the threshold, and says so', () => {
  const results = everyVerdict.results.filter(({ check }) => check.severity === 'info');

  expect(text(withVerdict({ ...allPassed, results }))).toContain(
    'PASS: 1 info, none of them high or worse',
  );
});

test('asks for nothing where a fact is only worth seeing', () => {
  const results = everyVerdict.results.map((result) =>
    result.check.severity === 'info'
      ? { ...result, check: { ...result.check, remediation: 'Look at it some day.' } }
      : result,
  );
  const [, steps] = /Do next\n(.*?)\n\n/s.exec(text({ ...everyVerdict, results })) ?? [];

  expect(results.some(({ check }) => check.severity === 'info')).toBe(true);
  expect(steps).toContain('1. ');
  expect(steps).not.toContain('Look at it some day');
});

test('leaves out all but findings and the summary when quiet', () => {
  const report = text(everyVerdict, { ...plainStyle, quiet: true });

  expect(report).toContain('anyone on the network reads and writes every key');
  expect(report).toContain('FAIL: 3 critical');
  expect(report).not.toMatch(/Do next|Waived|Could not check/);
});

/** A failing result that asks for a fix of its own, at a line of a file. */
function finding(id: string, severity: Severity, file: string): Result {
  const member = file.replace(/^.*\/(\w+)\.yaml$/, '$1');
  return {
    check: { ...aCheck(id, severity), remediation: `Set \`--${id}\` on ${member}.` },
    target: { kind: 'member', name: member, member, location: { file, line: 7 } },
    basis: 'stated',
    verdict: { status: 'fail', message: `${member} lacks ${id}` },
  };
}

const manifests = '/srv/clusters/production/manifests';

test('says what to do first, in one line what is less urgent, and only then what was judged', () => {
  const results = [
    finding('first', 'high', `${manifests}/node1.yaml`),
    finding('second', 'critical', `${manifests}/node2.yaml`),
    finding('patch-release', 'medium', `${manifests}/node1.yaml`),
    finding('long-lived', 'low', `${manifests}/node3.yaml`),
  ];
  const { verdict, ...report } = withVerdict({ ...allPassed, results });
  const excerpts = [`${manifests}/node1.yaml`];
  const sentence = `${verdict.sentence}; ${manifests}/node1.yaml was read as complete settings`;
  const [head] = text({ ...report, verdict: { ...verdict, excerpts, sentence } }).split(/\n\nnode/);

  expect(head?.replace(/^.*\n\n/, '')).toBe(
    [
      'FAIL: 1 critical, 1 high, 1 medium, 1 low; most urgent: something called second',
      'is wrong (node2)',
      '',
      'Do next (files are below /srv/clusters/production/manifests/)',
      '  1. Set `--second` on node2 (node2, node2.yaml:7)',
      '  2. Set `--first` on node1 (node1, node1.yaml:7)',
      '  Less urgent: patch-release and long-lived',
      '',
      'Scope: /srv/clusters/production/manifests/node1.yaml was read as complete',
      'settings',
    ].join('\n'),
  );
});

/** A failing result at the certificate of a member, with its own fix. */
function refused(name: string, fix: string): Result {
  return {
    ...finding(name, 'high', `${name}.yaml`),
    target: { kind: 'file', name, member: name, location: { file: `certs/${name}.pem` } },
    verdict: { status: 'fail', message: `${name} is refused`, fix },
  };
}

test('a step that names the file does not name it again', () => {
  const results = [
    refused('node1', 'Reissue certs/node1.pem from the trusted CA.'),
    refused('node2', 'Reissue the certificate.'),
  ];
  const report = text(withVerdict({ ...allPassed, results }));

  expect(report).toContain('1. Reissue certs/node1.pem from the trusted CA (node1)\n');
  expect(report).toContain('2. Reissue the certificate (node2, certs/node2.pem)\n');
});

test('a PASS says in the same sentence what it does not cover', () => {
  const { verdict, ...report } = allPassed;
  const sentence = `${verdict.sentence}; a.conf was read as complete settings`;
  const shown = text({ ...report, verdict: { ...verdict, excerpts: ['a.conf'], sentence } });

  expect(shown.replaceAll('\n', ' ')).toContain(`PASS: ${sentence}`);
  expect(shown).not.toContain('Scope:');
});

test('does not repeat the path of a file that the headline names', () => {
  const path = 'certs/node1.key';
  const result = finding('a', 'high', 'x.yaml');
  const at = (message: string) =>
    text(
      withVerdict({
        ...allPassed,
        results: [
          { ...result, target: { kind: 'file', name: path }, verdict: { status: 'fail', message } },
        ],
      }),
    );

  expect(at(`a group has access to the private key ${path}`)).not.toMatch(/^  at /m);
  expect(at('a group has access to the private key')).toMatch(/^  at +certs\/node1.key$/m);
});
