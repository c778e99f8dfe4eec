import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { conditionsIn } from '../../../src/collect/settings/unit-conditions.ts';
import { directoryWith } from '../../support/directory.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('packaging');

const given = { 'etc/etcd/etcd.conf': 'ETCD_NAME=n1\n', 'etc/etcd/off': '', 'pki/ca.pem': 'ca' };

function requirements(lines: readonly string[], root = '/host', programs: readonly string[] = []) {
  const text = ['[Unit]', ...lines, '[Service]', 'ExecStart=/usr/bin/etcd', ''].join('\n');
  const paths = Object.keys(given).map((name) => `${root}/${name}`);
  const find = (path: string) => {
    const found = paths.find((each) => each.endsWith(path.replace(/^.*\//, '/')));
    return found === undefined
      ? undefined
      : {
          path: found,
          text: Object.entries(given).find(([name]) => found.endsWith(name))?.[1] ?? '',
        };
  };
  return conditionsIn([{ path: 'etcd.service', text }], 'etcd.service', {
    context: { find, paths },
    programs,
  });
}

const endingsOf = (...input: Parameters<typeof requirements>) =>
  requirements(...input).map(({ ending }) => ending);

describe('a condition of a unit', () => {
  test.each([
    ['ConditionPathExists=/etc/etcd/etcd.conf', 'succeeds'],
    ['ConditionPathExists=!/etc/etcd/off', 'fails'],
    ['AssertPathExists=!/etc/etcd', 'fails'],
    ['ConditionPathIsDirectory=/etc/etcd', 'succeeds'],
    ['ConditionPathIsDirectory=/etc/etcd/etcd.conf', 'fails'],
    ['ConditionDirectoryNotEmpty=/etc/etcd', 'succeeds'],
    ['ConditionFileNotEmpty=/etc/etcd/etcd.conf', 'succeeds'],
    ['ConditionFileNotEmpty=/etc/etcd/off', 'fails'],
    ['ConditionFileNotEmpty=! /etc/etcd/off', 'succeeds'],
    // By its name it is the one that is meant; that it must not be there is another matter.
    ['ConditionPathExists=/etc/ssl/ca.pem', 'succeeds'],
    ['ConditionPathExists=!/etc/ssl/ca.pem', 'asks'],
    ['ConditionPathExists=/etc/etcd/ready', 'asks'],
    ['ConditionPathExists=!/etc/etcd/ready', 'asks'],
    ['ConditionHost=n1', 'asks'],
    ['ConditionVirtualization=!container', 'asks'],
  ])('%s: %s', (line, ending) => {
    expect(endingsOf([line])).toEqual([ending]);
  });

  test('of the program that is started', () => {
    const line = ['ConditionFileIsExecutable=/usr/bin/etcd'];

    expect(endingsOf(line, '/host', ['/usr/bin/etcd'])).toEqual(['succeeds']);
    expect(endingsOf(line)).toEqual(['asks']);
  });

  test('one of several is enough', () => {
    const off = 'ConditionPathExists=|!/etc/etcd/off';

    expect(endingsOf([off, 'ConditionPathExists=|/etc/etcd'])).toEqual([]);
    expect(endingsOf([off, 'ConditionHost=|n1'])).toEqual(['asks']);
    expect(endingsOf([off])).toEqual(['fails']);
    expect(endingsOf([off, 'AssertPathExists=|/etc/etcd'])).toEqual(['fails']);
  });

  test('an empty one takes back all of its kind', () => {
    const off = 'ConditionPathExists=!/etc/etcd/off';

    expect(endingsOf([off, 'ConditionHost='])).toEqual([]);
    expect(endingsOf([off, 'AssertHost='])).toEqual(['fails']);
  });
});

test('what is known is what systemd finds', async () => {
  await using set = await directoryWith(given);
  const lines = [
    'PathExists',
    'PathIsDirectory',
    'DirectoryNotEmpty',
    'FileNotEmpty',
    'FileIsExecutable',
  ].flatMap((kind) =>
    Object.keys(given).flatMap((name) =>
      [name, name.replace(/\/[^/]*$/, '')].flatMap((path) =>
        ['', '!', '|', '|!'].map((sign) => `Condition${kind}=${sign}${set.at(path)}`),
      ),
    ),
  );
  const judged = lines.flatMap((line) => {
    const [{ ending } = { ending: 'succeeds' }] = requirements([line], set.path);
    return ending === 'asks' ? [] : [{ line, holds: ending === 'succeeds' }];
  });
  expect(judged.length).toBeGreaterThan(30);
  for (const { line, holds } of judged) {
    const { status } = spawnSync('systemd-analyze', ['condition', line]);
    expect({ line, holds: status === 0 }).toEqual({ line, holds });
  }
});
