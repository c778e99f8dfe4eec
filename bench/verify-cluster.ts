import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startCluster } from '../testcluster/cluster.ts';
import type { Cluster } from '../testcluster/types.ts';
import { nodeFor, nodeVersion, ownArchitecture } from '../tools/executable/node.ts';
import { withDirectory } from './directory.ts';
import { builtExecutable } from './built-executable.ts';
import {
  type CommandLine,
  againstBudget,
  cpuTime,
  keeping,
  mediansInTurn,
  showRow,
} from './measure.ts';

const rounds = 11;

/** `verify` on a healthy cluster, compared with the same questions asked one after another with the usual tools. */
export async function benchVerify(): Promise<void> {
  await withDirectory(measure);
}

async function measure(directory: string): Promise<void> {
  await using cluster = await startCluster({ runtime: 'native', ports: 'free' });
  const map = `/etc/ssl/certs/etcd=${cluster.certificates}`;
  const given = [cluster.set, '--map', map, '--quiet'];
  const node = nodeFor(ownArchitecture()).program;
  const program = 'dist/cli/main.js';
  const code = join(directory, 'code');
  const access = questions(cluster);
  demandPass([node, program, 'verify', ...given]);
  const byHand = [...access, ...cluster.members.flatMap(offered)];
  const [ours = 0, offline = 0, first = 0, tools = 0, accessAlone = 0] = mediansInTurn(rounds, [
    { name: 'verify', run: () => cpuTime([keeping(code, [node, program, 'verify', ...given])]) },
    { name: 'check', run: () => cpuTime([keeping(code, [node, program, 'check', ...given])]) },
    {
      name: 'first start',
      run: () => cpuTime([keeping('', ['node', program, 'verify', ...given])]),
    },
    { name: 'tools', run: () => cpuTime(byHand) },
    { name: 'access', run: () => cpuTime(access) },
  ]);
  process.stdout.write(`\nverify on three members of etcd ${cluster.version}\n`);
  showRow(`${byHand.length} commands of etcdctl, openssl and curl`, tools);
  showRow(`the ${access.length} of them that ask who is accepted`, accessAlone);
  showRow(
    `etcd-tls-audit verify by Node ${nodeVersion}`,
    ours,
    `${againstBudget(ours / tools, ' ×', { atMost: 1 })} all of them`,
  );
  showRow('etcd-tls-audit check', offline, aboveCheck(ours, offline));
  showRow('a first start of verify, or one of root', first);
  showExecutable(given);
}

function aboveCheck(verify: number, check: number): string {
  return `verify takes ${againstBudget(verify - check, ' ms', { atMost: 150 })} more`;
}

/** Where `npm run executable` has built it. */
function showExecutable(given: readonly string[]): void {
  const program = builtExecutable();
  if (program === undefined) return;
  demandPass([program, 'verify', ...given]);
  const [verify = 0, check = 0] = mediansInTurn(rounds, [
    { name: 'verify', run: () => cpuTime([[program, 'verify', ...given]]) },
    { name: 'check', run: () => cpuTime([[program, 'check', ...given]]) },
  ]);
  showRow('the executable verify', verify);
  showRow('the executable check', check, aboveCheck(verify, check));
}

/** What ends at once, or finds something, is not measured. */
function demandPass([program, ...args]: CommandLine): void {
  execFileSync(program, args, { stdio: 'ignore' });
}

/** What a port is willing to negotiate, asked as openssl asks: one connection for each answer. */
function offered({ clientUrl, peerUrl }: Cluster['members'][number]): readonly CommandLine[] {
  const versions = ['-tls1', '-tls1_1', '-tls1_2', '-tls1_3'].map((version) => [version]);
  const suites = [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA',
    'ECDHE-ECDSA-AES128-SHA256',
  ].map((suite) => ['-tls1_2', '-cipher', suite]);
  const newSuites = [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
  ].map((suite) => ['-tls1_3', '-ciphersuites', suite]);
  const groups = ['X25519', 'P-256', 'P-384', 'P-521'].map((group) => [
    '-tls1_3',
    '-groups',
    group,
  ]);
  const asked = [
    ...versions,
    ...suites,
    ...newSuites,
    ...groups,
    ['-alpn', 'h2'],
    ['-alpn', 'http/1.1'],
  ];
  return [clientUrl, peerUrl].flatMap((url) =>
    asked.map((question): CommandLine => [
      'openssl',
      's_client',
      '-connect',
      url.replace('https://', ''),
      ...question,
    ]),
  );
}

/**
 * The members and their health, what each port serves, and whether clients without a certificate and with the
 * client's are accepted, over both TLS versions. The foreign certificate that verify makes and presents is left out.
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
