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
