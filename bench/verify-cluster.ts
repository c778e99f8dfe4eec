import { join, resolve } from 'node:path';
import { startCluster } from '../testcluster/cluster.ts';
import type { Cluster } from '../testcluster/types.ts';
import { type CommandLine, mediansInTurn, showRow, wallTime } from './measure.ts';

const rounds = 7;

/** `verify` on a healthy cluster, beside the same questions asked one after another with the usual tools. */
export async function benchVerify(): Promise<void> {
  await using cluster = await startCluster({ runtime: 'native', ports: 'free' });
  const program = resolve('dist/cli/main.js');
  const verify: CommandLine = [
    'node',
    program,
    'verify',
    cluster.set,
    '--map',
    `/etc/ssl/certs/etcd=${cluster.certificates}`,
    '--quiet',
  ];
  const byHand = questions(cluster);
  const [ours = 0, tools = 0] = mediansInTurn(rounds, [
    { name: 'verify', run: () => wallTime([verify]) },
    { name: 'tools', run: () => wallTime(byHand) },
  ]);
  process.stdout.write(`\nverify on three members of etcd ${cluster.version}\n`);
  showRow(`${byHand.length} commands of etcdctl, openssl and curl`, tools);
  showRow('etcd-tls-audit verify', ours, `${(ours / tools).toFixed(2)} × that`);
}

/**
 * The same answers: who is in the cluster and how it fares, what each port serves, and whether nobody,
 * the client and the member are let in, over both TLS versions. Foreign certificates and cipher suites,
 * which verify asks for as well, are left out: these tools cannot make the one or list the other.
 */
function questions(cluster: Cluster): readonly CommandLine[] {
  const { certificates, members } = cluster;
  const pem = (name: string): string => join(certificates, name);
  const endpoints = members.map(({ clientUrl }) => clientUrl).join(',');
  const etcdctl = (...words: readonly string[]): CommandLine => [
    'env',
    'ETCDCTL_API=3',
    'etcdctl',
    '--endpoints',
    endpoints,
    '--cacert',
    pem('ca_cert.pem'),
    '--cert',
    pem('client_cert.pem'),
    '--key',
    pem('client_key_insecure.pem'),
    ...words,
  ];
  const ports = members.flatMap(({ clientUrl, peerUrl }) => [clientUrl, peerUrl]);
  return [
    etcdctl('member', 'list'),
    etcdctl('endpoint', 'status'),
    etcdctl('endpoint', 'health'),
    etcdctl('alarm', 'list'),
    ...ports.flatMap((url): readonly CommandLine[] => {
      const address = url.replace('https://', '');
      return [
        ['openssl', 's_client', '-connect', address, '-showcerts', '-tls1_2'],
        ...['1.2', '1.3'].flatMap((version): readonly CommandLine[] => {
          const curl = [
            'curl',
            '-sk',
            '--http1.1',
            '--max-time',
            '3',
            `--tlsv${version}`,
            '--tls-max',
            version,
          ] as const;
          const client = [
            '--cert',
            pem('client_cert.pem'),
            '--key',
            pem('client_key_insecure.pem'),
          ] as const;
          return [
            [...curl, `${url}/version`],
            [...curl, ...client, `${url}/version`],
          ];
        }),
      ];
    }),
    ...members.map(({ clientUrl }): CommandLine => [
      'curl',
      '-sk',
      '--cert',
      pem('client_cert.pem'),
      '--key',
      pem('client_key_insecure.pem'),
      `${clientUrl}/metrics`,
    ]),
  ];
}
