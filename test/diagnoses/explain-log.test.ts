import { expect, test } from 'vitest';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';

const line = (remote: string, ts: string, error = 'EOF'): string =>
  JSON.stringify({ level: 'warn', ts, msg: 'rejected connection', 'remote-addr': remote, error });

test('counts repeated lines and groups who is knocking', () => {
  const log = logExplainer();
  log.add(line('10.0.0.2:1001', 't1'));
  log.add(line('10.0.0.2:1002', 't2'));
  log.add(line('10.0.0.3:1003', 't3'));
  log.add('something else altogether');

  expect(log.linesRead()).toBe(4);
  expect(log.episodes()).toMatchObject([{ count: 3, firstTime: 't1', lastTime: 't3' }]);
  expect([...(log.episodes()[0]?.remoteAddresses ?? [])]).toEqual([
    ['10.0.0.2', 2],
    ['10.0.0.3', 1],
  ]);
});

test('tells an episode as new only once', () => {
  const log = logExplainer();

  expect(log.add(line('10.0.0.2:1', 't1'))?.isNew).toBe(true);
  expect(log.add(line('10.0.0.9:2', 't2'))?.isNew).toBe(false);
  expect(log.add(line('10.0.0.9:2', 't2', 'remote error: tls: bad certificate'))?.isNew).toBe(true);
});

test('keeps a bounded number of addresses', () => {
  const log = logExplainer();
  for (let index = 0; index < 3000; index += 1) {
    log.add(line(`10.${index >> 8}.${index & 255}.1:1`, 't'));
  }

  expect(log.episodes()[0]?.count).toBe(3000);
  expect(log.episodes()[0]?.remoteAddresses.size).toBe(1000);
});
