import { expect, test } from 'vitest';
import { etcdVersion } from '../../src/etcd/version.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { reservePorts } from '../../testcluster/ports.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { isMissing } from '../support/missing.ts';
import { refusalOf, startEtcd, type Start } from '../support/real-start.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

const none = { etcd: '', version: 'none', goVersion: 'none' };
const { etcd, version, goVersion } = isMissing('etcd') ? none : await etcdBinaries();

/** A port on which two listeners of one member meet. */
const [taken] = await reservePorts(1);

/** Port 0: whatever is free. */
const plain = urls('http');
const encrypted = urls('https');
const clientPair = ['--cert-file=server.pem', '--key-file=server.key'];
const peerPair = ['--peer-cert-file=server.pem', '--peer-key-file=server.key'];

/** None of these starts, whatever the version: which words it dies with is what is compared. */
const starts: readonly Start[] = [
  { words: ['--client-cert-auth=yes'] },
  { words: [...plain, '--client-cert-auth', 'true'] },
  { words: ['--cert-fil=server.pem'] },
  { words: ['--cert-file'] },
  { words: ['---cert-file=server.pem'] },
  { words: ['--snapshot-count=many'] },
  { words: ['--election-timeout=-1'] },
  { words: [...plain, '--heartbeat-interval=100', '--election-timeout=200'] },
  { words: [...plain, '--heartbeat-interval=500'] },
  { words: [...plain, '--election-timeout=60000'] },
  { words: [...plain, '--initial-cluster=a=http://a:1', '--discovery-srv=etcd.test'] },
  { words: [...plain, '--auto-compaction-mode=daily'] },
  { words: [...plain, '--auto-compaction-retention=1x'] },
  { words: [...plain, '--auto-compaction-retention=-1'] },
  { words: [...plain, '--auth-token=jwt'] },
  { words: [...plain, '--auth-token=none'] },
  { words: [...plain, '--auth-token=simple,x'] },
  { words: [...plain, '--log-level=verbose'] },
  { words: [...plain, '--logger=glog'] },
  { words: [...plain, '--name=', '--initial-cluster=default=http://localhost:2380'] },
  { words: [...plain, '--name=a', '--initial-cluster='] },
  { words: [...plain, '--name=b', '--initial-cluster=a=http://localhost:1, b=http://localhost:2'] },
  { words: [...plain, '--name=b', '--initial-cluster=a=http://localhost:1,b =http://localhost:2'] },
  { words: ['--initial-cluster-state=New'] },
  { words: ['--initial-cluster-state='] },
  { words: ['--discovery-fallback=none'] },
  { words: plain, variables: { ETCD_INITIAL_CLUSTER_STATE: 'yes' } },
  { words: ['--listen-client-urls=localhost:2379'] },
  { words: ['--listen-client-urls=10.0.0.1:2379'] },
  { words: ['--listen-client-urls=http://127.0.0.1:0/a'] },
  { words: ['--listen-client-urls=http://127.0.0.1'] },
  { words: ['--listen-client-urls=http://127.0.0.1:abc'] },
  { words: ['--listen-client-urls=http://127.0.0.1:0'] },
  { words: ['--listen-client-urls=http://a:0', '--advertise-client-urls=http://a:0'] },
  { words: ['--listen-client-urls=http://:0', '--advertise-client-urls=http://a:0'] },
  { words: plain, variables: { ETCD_CLIENT_CERT_AUTH: 'on' } },
  { words: plain, variables: { ETCD_AUTO_TLS: 'x', ETCD_PEER_AUTO_TLS: 'y' } },
  { words: [], variables: { ETCD_LISTEN_CLIENT_URLS: 'foo' } },
  { words: [...encrypted, ...clientPair] },
  { words: [...encrypted, ...peerPair] },
  { words: [...encrypted, ...clientPair, '--peer-cert-file=server.pem'] },
  { words: [...encrypted, ...peerPair, '--key-file=server.key'] },
  { words: [...plain, '--peer-key-file=server.key'] },
  { words: [...plain, '--listen-metrics-urls=https://127.0.0.1:0'] },
  { words: [...plain, '--cipher-suites=TLS_FOO'] },
  { words: [...plain, '--cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_FOO'] },
  { words: [...plain, '--cipher-suites='] },
  { words: [...plain, '--name=n1', '--initial-cluster=n2=http://127.0.0.1:0'] },
  {
    words: [
      ...plain.filter((word) => !word.startsWith('--initial-cluster')),
      '--initial-cluster=default=https://127.0.0.1:0',
    ],
  },
  { words: withoutCluster() },
  { words: [...withoutCluster(), '--name=default', '--initial-cluster-token=t'] },
  { words: [...withoutCluster('http://localhost:2380,http://127.0.0.1:2380')] },
  {
    words: [
      ...withoutCluster('http://localhost:1,http://127.0.0.1:1'),
      '--initial-cluster=default=http://localhost:1',
    ],
  },
  {
    words: [
      ...withoutCluster('http://127.0.0.1:2380'),
      '--initial-cluster=default=http://localhost:2380',
    ],
  },
  {
    config: `listen-client-urls: http://127.0.0.1:0
advertise-client-urls: http://127.0.0.1:0
listen-peer-urls: http://127.0.0.1:0
initial-advertise-peer-urls: http://127.0.0.1:0
`,
  },
  ...[
    { peer: 'http://127.0.0.1', client: 'http://127.0.0.1' },
    { peer: 'http://127.0.0.1', client: 'http://0.0.0.0' },
    { peer: 'http://[::]', client: 'http://127.0.0.1' },
    { peer: 'http://localhost', client: 'http://127.0.0.1' },
  ].map(({ peer, client }) => ({
    words: [
      `--listen-client-urls=${client}:${taken}`,
      `--advertise-client-urls=http://127.0.0.1:${taken}`,
      `--listen-peer-urls=${peer}:${taken}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${taken}`,
      `--initial-cluster=default=http://127.0.0.1:${taken}`,
    ],
  })),
  {
    words: [...plain, `--listen-metrics-urls=http://127.0.0.1:${taken},http://127.0.0.1:${taken}`],
  },
  { words: [...plain, '--initial-cluster=default=http://127.0.0.1:0,n2=http://127.0.0.1:0'] },
  { config: 'client-transport-security: {client-cert-auth: "true"}' },
  { config: 'client-transport-security: {client-cert-auth: 1}' },
  { config: 'peer-transport-security: [a]' },
  { config: 'peer-transport-security: a' },
  { config: 'cipher-suites: TLS_FOO' },
  { config: 'cipher-suites: [yes]' },
  { config: 'cipher-suites: [TLS_AES_128_GCM_SHA256, 1]' },
  { config: 'cipher-suites: [[a]]' },
  { config: 'name: .inf' },
  { config: 'client-transport-security: {cert-file: .nan}' },
  { config: 'listen-client-urls: [http://127.0.0.1:0]' },
  { config: 'listen-client-urls: foo' },
  { config: 'advertise-client-urls: foo' },
  { config: 'a: [' },
  { config: '- a' },
];

test.each(starts.map((start) => ({ ...start, title: titleOf(start) })))(
  `etcd ${version} refuses $title as predicted`,
  async (start) => {
    const authority = await issueAuthority({ commonName: 'CA' });
    const server = await authority.issue({ hosts: ['127.0.0.1'] });
    await using directory = await directoryWith({
      'server.pem': server.certificatePem,
      'server.key': server.privateKeyPem,
      'etcd.yml': start.config ?? '',
    });

    const predicted = await refusalOf(start, etcdVersion(version, goVersion));
    const { status, output } = await startEtcd(etcd, start, directory.path);

    expect(status).toBe('ended');
    expect(predicted).toBeDefined();
    expect(withoutPorts(output)).toContain(withoutPorts(predicted ?? ''));
  },
);

function withoutPorts(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0');
}

/** What is particular to a start: the rest of its command line is in others too. */
function titleOf({ words = [], variables = {}, config }: Start): string {
  const common = [...plain, ...encrypted];
  const own = words.filter((word) => !common.includes(word));
  return config ?? [...own, ...Object.entries(variables).map((pair) => pair.join('='))].join(' ');
}

/** A member without `--initial-cluster`, and with a peer URL that is not etcd's default. */
function withoutCluster(peer = 'http://127.0.0.1:0'): readonly string[] {
  const kept = plain.filter((word) => !/^--initial-(?:cluster|advertise)/.test(word));
  return [...kept, `--initial-advertise-peer-urls=${peer}`];
}

function urls(scheme: string): readonly string[] {
  const url = `${scheme}://127.0.0.1:0`;
  return [
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${url}`,
    `--initial-advertise-peer-urls=${url}`,
    `--initial-cluster=default=${url}`,
  ];
}
