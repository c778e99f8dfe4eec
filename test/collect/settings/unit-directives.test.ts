import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

describe('what a unit takes from its process', () => {
  test.each([
    ['its network', 'PrivateNetwork=yes'],
    ['some addresses', 'IPAddressDeny=any', 'IPAddressAllow=10.0.0.0/8'],
    ['a family of addresses', 'RestrictAddressFamilies=AF_UNIX AF_INET'],
    ['all families', 'RestrictAddressFamilies=none'],
    ['a family by a later line', 'RestrictAddressFamilies=AF_INET AF_INET6', '~AF_INET6'],
    ['system calls', 'SystemCallFilter=@system-service', '~@network-io'],
    ['system calls that are not listed', 'SystemCallFilter=read write'],
    ['programs', 'NoExecPaths=/'],
    ['what a profile forbids', 'AppArmorProfile=etcd'],
    ['what is not known', 'FutureRestriction=yes'],
  ])('%s is not passed over', async (_, ...lines) => {
    const [doubt, ...others] = await doubtsOf(lines);

    expect(others).toEqual([]);
    expect(doubt?.reason).toContain(lines[0]?.split('=')[0]);
    expect(doubt).toMatchObject({ path: 'etcd.service' });
    expect(doubt?.give).toContain('check on its host that etcd runs with it');
  });

  test.each([
    ['a network of its own that is off', 'PrivateNetwork=yes', 'no'],
    ['a list that is taken back', 'IPAddressDeny=any', ''],
    ['addresses that are allowed alone', 'IPAddressAllow=10.0.0.0/8'],
    ['the families of the internet', 'RestrictAddressFamilies=AF_UNIX AF_INET', 'AF_INET6'],
    ['a family that etcd does not use', 'RestrictAddressFamilies=~AF_PACKET'],
    ['the system calls of services', 'SystemCallFilter=@system-service', '~@privileged @mount'],
    ['limits and signals', 'LimitNOFILE=40000'],
    ['a line of another program', 'X-Ansible=managed'],
  ])('%s takes nothing', async (_, ...lines) => {
    expect(await doubtsOf(lines)).toEqual([]);
  });
});

/** The first line is whole; of the others, the name is that of the first. */
async function doubtsOf([first = '', ...others]: readonly string[]) {
  const name = first.split('=')[0] ?? '';
  const lines = [
    first,
    ...others.map((value) => (value.includes('=') ? value : `${name}=${value}`)),
  ];
  const text = ['[Service]', ...lines, 'ExecStart=/usr/bin/etcd --name n1', ''].join('\n');
  const drafts = await readSettings([{ path: 'etcd.service', text }], nothingElse);
  return drafts.notUnderstood;
}

const nothingElse = { find: () => undefined };
