import { join } from 'node:path';
import { writeCertSet } from '../testcluster/cert-set.ts';
import { type CommandLine, cpuTime, besideGoal, mediansInTurn, showRow } from './measure.ts';
import { withDirectory } from './directory.ts';

const rounds = 15;

/** `check` on the seed's set, beside a bare Node and the openssl commands that answer the same questions. */
export async function benchCheckSeed(): Promise<void> {
  await withDirectory(async (directory) => {
    const certificates = await writeCertSet(directory, { settings: 'seed' });
    const check = ['node', 'dist/cli/main.js', 'check', directory] as const;
    const bySsl = opensslQuestions(certificates);
    const [bare = 0, ours = 0, openssl = 0] = mediansInTurn(rounds, [
      { name: 'node', run: () => cpuTime([['node', '-e', '0']]) },
      { name: 'check', run: () => cpuTime([check]) },
      { name: 'openssl', run: () => cpuTime(bySsl) },
    ]);
    process.stdout.write("\ncheck on the seed's set\n");
    showRow('node -e 0', bare);
    showRow(
      'etcd-tls-audit check',
      ours,
      `${besideGoal(ours / bare, ' ×', { atMost: 4.5 })} of bare Node`,
    );
    showRow(
      `${bySsl.length} openssl commands`,
      openssl,
      `check takes ${besideGoal(ours / openssl, ' ×', { atMost: 1 })} that`,
    );
  });
}

/** Chain with purpose and address, dates, names, and the pairing of every key: what a careful person types. */
function opensslQuestions(directory: string): readonly CommandLine[] {
  const authority = join(directory, 'ca_cert.pem');
  const addresses = ['10.104.100.236', '10.104.100.245', '10.104.100.239'];
  const members = addresses.flatMap((address, index): readonly CommandLine[] => {
    const certificate = join(directory, `node_${index + 1}_cert.pem`);
    const key = join(directory, `node_${index + 1}_key_insecure.pem`);
    return [
      [
        'openssl',
        'verify',
        '-CAfile',
        authority,
        '-purpose',
        'sslserver',
        '-verify_ip',
        address,
        certificate,
      ],
      ['openssl', 'verify', '-CAfile', authority, '-purpose', 'sslclient', certificate],
      ['openssl', 'x509', '-in', certificate, '-noout', '-text', '-checkend', '2592000'],
      ['openssl', 'x509', '-in', certificate, '-noout', '-pubkey'],
      ['openssl', 'pkey', '-in', key, '-pubout'],
    ];
  });
  const client = join(directory, 'client_cert.pem');
  return [
    ['openssl', 'x509', '-in', authority, '-noout', '-text', '-checkend', '2592000'],
    ...members,
    ['openssl', 'verify', '-CAfile', authority, '-purpose', 'sslclient', client],
    ['openssl', 'x509', '-in', client, '-noout', '-text', '-checkend', '2592000'],
    ['openssl', 'x509', '-in', client, '-noout', '-pubkey'],
    ['openssl', 'pkey', '-in', join(directory, 'client_key_insecure.pem'), '-pubout'],
  ];
}
