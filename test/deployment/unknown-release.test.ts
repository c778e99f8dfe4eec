import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import { unstatedRelease } from '../../src/evaluate/release-range.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

async function verdictOn(flags: readonly string[], versions: object = {}) {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const node = await ca.issue({
    commonName: 'n1',
    hosts: ['10.0.0.1', '127.0.0.1', 'localhost'],
    usages: ['serverAuth', 'clientAuth'],
  });
  const settings = [
    '--name=n1',
    '--cert-file=/c/n1.crt --key-file=/c/n1.key --trusted-ca-file=/c/ca.crt --client-cert-auth',
    '--peer-cert-file=/c/n1.crt --peer-key-file=/c/n1.key --peer-trusted-ca-file=/c/ca.crt',
    '--peer-client-cert-auth',
    '--listen-client-urls=https://10.0.0.1:2379 --advertise-client-urls=https://10.0.0.1:2379',
    '--listen-peer-urls=https://10.0.0.1:2380 --initial-advertise-peer-urls=https://10.0.0.1:2380',
    '--initial-cluster=n1=https://10.0.0.1:2380',
    ...flags,
  ];
  await using set = await directoryWith({
    'etcd.service': `[Service]\nExecStart=/usr/bin/etcd ${settings.join(' ')}\n`,
    'c/n1.crt': node.certificatePem,
    'c/n1.key': node.privateKeyPem,
    'c/ca.crt': ca.certificatePem,
  });
  const request = { paths: [set.path], maps: [{ prefix: '/c', directory: set.at('c') }] };
  const report = judge(await look({ ...request, ...versions }), { ...request, ...versions });
  const failing = report.results
    .filter(({ verdict }) => verdict.status === 'fail')
    .map(({ check }) => check.id);
  return { status: report.verdict.status, failing, assumptions: report.verdict.assumptions };
}

test('an unknown release opens no question where all releases agree', async () => {
  const { status, assumptions } = await verdictOn([]);

  expect(status).toBe('pass');
  expect(assumptions).toEqual([unstatedRelease]);
});

test('a release that refuses the settings is not the one that runs', async () => {
  // etcd 3.6 dropped --enable-v2.
  expect((await verdictOn(['--enable-v2=false'])).status).toBe('pass');
  const stated = await verdictOn(['--enable-v2=false'], { etcdVersion: '3.6.1' });
  expect(stated.status).toBe('fail');
  expect(stated.failing).toContain('settings-refused-at-start');
});

test('settings that every release refuses are a finding', async () => {
  const { status, failing } = await verdictOn(['--no-such-flag']);

  expect(status).toBe('fail');
  expect(failing).toContain('settings-refused-at-start');
});
