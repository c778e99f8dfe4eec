import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { nodesOf, onFreePorts } from '../../testcluster/nodes.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

const files = ['ca', 'client', 'client-key'];

test('a client whose certificate the peer port accepts gets no answer there', async () => {
  const [ca, certificate, key] = files.map((name) => `/etc/etcd/${name}.pem`);
  await using set = await threeMembers(
    {},
    {
      'etcdctl.env': [
        'ETCDCTL_ENDPOINTS=https://10.0.0.1:2380',
        `ETCDCTL_CACERT=${ca}`,
        `ETCDCTL_CERT=${certificate}`,
        `ETCDCTL_KEY=${key}`,
        '',
      ].join('\n'),
    },
  );

  const { forecast, verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.status).toBe('fail');
  expect(verdict.next).toBe('Connect to the client URLs of n1: port 2380 is for peers.');
  expect(forecast.filter(({ edge }) => edge === 'client')).toMatchObject([
    { outcome: 'refused', clientError: 'context deadline exceeded' },
  ]);
});

describe('real etcd', () => {
  skipWithout('etcd');

  test('real etcd does not answer clients on a peer port with TLS', async () => {
    const { etcd, etcdctl } = await etcdBinaries();
    const ca = await issueAuthority({ commonName: 'etcd-ca' });
    const leaf = await ca.issue({ commonName: 'etcd', hosts: ['127.0.0.1', 'localhost'] });
    await using directory = await directoryWith({
      'ca.pem': ca.certificatePem,
      'etcd.pem': leaf.certificatePem,
      'etcd-key.pem': leaf.privateKeyPem,
    });
    const [node] = await onFreePorts(nodesOf('native'));
    const [client, peer] = [node?.clientPort, node?.peerPort].map(
      (port) => `https://127.0.0.1:${port}`,
    );
    const words = [
      '--data-dir=data',
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      ...['', 'peer-'].flatMap((side) => [
        `--${side}cert-file=etcd.pem`,
        `--${side}key-file=etcd-key.pem`,
        `--${side}trusted-ca-file=ca.pem`,
        `--${side}client-cert-auth`,
      ]),
    ];
    const server = spawn(etcd, words, { cwd: directory.path, stdio: 'ignore' });
    const ended = once(server, 'close');
    const ask = async (endpoint = '') => {
      const tls = ['--cacert=ca.pem', '--cert=etcd.pem', '--key=etcd-key.pem'];
      const all = [`--endpoints=${endpoint}`, '--command-timeout=3s', ...tls, 'get', 'a'];
      const env = { ETCDCTL_API: '3' };
      const child = spawn(etcdctl, all, {
        cwd: directory.path,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let output = '';
      child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
      await once(child, 'close');
      return { code: child.exitCode, output };
    };
    try {
      await expect.poll(async () => (await ask(client)).code, { timeout: 30_000 }).toBe(0);
      expect(await ask(peer)).toMatchObject({
        code: 1,
        output: expect.stringContaining('context deadline exceeded') as unknown,
      });
    } finally {
      server.kill('SIGKILL');
      await ended;
    }
  }, 60_000);
});
