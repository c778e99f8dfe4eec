import { expect, test } from 'vitest';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';

const line = (remote: string, ts: string, name = '', error = 'EOF'): string =>
  JSON.stringify({
    level: 'warn',
    ts,
    msg: 'rejected connection',
    'remote-addr': remote,
    'server-name': name,
    error,
  });

test('counts repeated lines, who connects and from when to when', () => {
  const log = logExplainer();
  const changes = [
    log.add(line('10.0.0.2:1001', '2026-01-01T00:00:01Z')),
    log.add(line('10.0.0.2:1002', '2026-01-01T00:00:02Z')),
    log.add(line('10.0.0.3:1003', '2026-01-01T00:00:03Z')),
    log.add('something else altogether'),
  ];

  const { conclusion, linesRead, linesRecognised } = log.incident();

  expect(changes).toEqual([true, false, false, false]);
  expect({ linesRead, linesRecognised }).toEqual({ linesRead: 4, linesRecognised: 3 });
  expect(conclusion).toMatchObject({
    count: 3,
    firstTime: '2026-01-01T00:00:01Z',
    lastTime: '2026-01-01T00:00:03Z',
  });
  expect(Object.fromEntries(conclusion?.remoteAddresses ?? [])).toEqual({
    '10.0.0.2': 2,
    '10.0.0.3': 1,
  });
});

test('counts all addresses of thousands of lines that differ in numbers alone', () => {
  const log = logExplainer();
  for (let index = 0; index < 5000; index += 1)
    log.add(line(`10.0.0.${index % 3}:${2000 + index}`, `t${index}`));

  const counts = [...(log.incident().conclusion?.remoteAddresses.values() ?? [])];

  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5000);
});

/** What etcd 3.6.16 logged of a member whose certificate lacks clientAuth, with a line that leads astray by itself. */
const oneFault = [
  '{"level":"warn","ts":"2026-11-30T03:00:27.4Z","caller":"fileutil/fileutil.go:53","msg":"check file permission","error":"open data: no such file or directory"}',
  '{"level":"warn","ts":"2026-11-30T03:00:27.5Z","caller":"embed/config_logging.go:194","msg":"rejected connection on peer endpoint","remote-addr":"10.78.0.3:41872","server-name":"","ip-addresses":["10.78.0.3"],"dns-names":[],"error":"tls: failed to verify certificate: x509: certificate specifies an incompatible key usage"}',
  '{"level":"warn","ts":"2026-11-30T03:00:28.5Z","caller":"embed/config_logging.go:194","msg":"rejected connection on peer endpoint","remote-addr":"10.78.0.3:41874","server-name":"","ip-addresses":["10.78.0.3"],"dns-names":[],"error":"tls: failed to verify certificate: x509: certificate specifies an incompatible key usage"}',
];

test.each([
  ['as etcd writes it', oneFault],
  [
    'what Ansible prints of a command',
    [
      `fatal: [node1]: FAILED! => ${JSON.stringify({ changed: false, stdout: oneFault.join('\n') })}`,
    ],
  ],
  [
    'the lines that Ansible prints',
    [`fatal: [node1]: FAILED! => ${JSON.stringify({ rc: 1, stdout_lines: oneFault })}`],
  ],
  [
    'the status of a pod',
    ['  "terminated": {', `    "message": ${JSON.stringify(oneFault.join('\n'))},`],
  ],
  [
    'messages of journald that are not text',
    oneFault.map((text) =>
      JSON.stringify({
        SYSLOG_IDENTIFIER: 'etcd',
        MESSAGE: [...new TextEncoder().encode(`\u001B[33m${text}\u001B[0m`)],
      }),
    ),
  ],
])('%s: each line of the log counts', (_what, lines) => {
  const explainer = logExplainer();
  for (const text of lines) explainer.add(text);
  const { conclusion, also } = explainer.incident();

  expect(conclusion).toMatchObject({
    count: 2,
    explanation: { cause: 'EKU', about: 'client certificate', line: { port: 'peer' } },
  });
  expect(also).toEqual([]);
});

test('a path of Windows and a stack trace do not end a line', () => {
  const trace =
    '{"level":"fatal","msg":"discovery failed","error":"open C:\\\\new\\\\ca.pem: no such file or directory","stacktrace":"main.main\\n\\t/go/main.go:1"}';
  const explainer = logExplainer();
  explainer.add(trace);

  expect(explainer.incident()).toMatchObject({ linesRead: 1 });
});

test('numbers that mean something keep lines apart', () => {
  const log = logExplainer();
  log.add('SSL routines:tlsv1 alert SSL alert number 48');
  log.add('SSL routines:tlsv1 alert SSL alert number 70');

  const { conclusion, also } = log.incident();

  expect([conclusion, ...also].map((episode) => episode?.explanation.cause)).toEqual(
    expect.arrayContaining(['CA-SERVER', 'VERSION']),
  );
});

test('names that an attacker chooses make no new kinds', () => {
  const log = logExplainer();
  for (let index = 0; index < 20_000; index += 1) {
    log.add(
      line(
        '10.0.0.2:1',
        't',
        `x${index.toString(36)}.example`,
        `remote error: tls: bad certificate`,
      ),
    );
    log.add(`open /etc/${index.toString(36)}.pem: no such file or directory`);
  }

  const { conclusion, also, consequences, harmless } = log.incident();

  expect(1 + also.length + consequences.length + harmless.length).toBeLessThan(10);
  expect(conclusion?.evidence.length).toBeLessThan(10);
});
