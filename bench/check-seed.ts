import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '../src/cli/exit-code.ts';
import { writeCertSet } from '../testcluster/cert-set.ts';
import { nodeFor, nodeVersion, ownArchitecture } from '../tools/executable/node.ts';
import {
  type CommandLine,
  cpuTime,
  againstBudget,
  keeping,
  mediansInTurn,
  showRow,
} from './measure.ts';
import { builtExecutable } from './built-executable.ts';
import { withDirectory } from './directory.ts';

const rounds = 15;

/**
 * `check` on the seed's set, compared with a bare Node and with the openssl commands that answer the same: by the Node
 * that npm distributes, with compiled code from earlier runs; and by the Node that built the program, with the code
 * that was compiled then, as for root and for a first start. `against` is the directory of another release, built.
 */
export async function benchCheckSeed(against?: string): Promise<void> {
  await withDirectory(async (directory) => {
    const set = join(directory, 'set');
    const certificates = await writeCertSet(set, { settings: 'seed' });
    const check = ['dist/cli/main.js', 'check', set] as const;
    const node = nodeFor(ownArchitecture()).program;
    const bySsl = opensslQuestions(certificates);
    demandFindings([node, ...check]);
    demandFindings(['node', ...check]);
    const [bare = 0, ours = 0, own = 0, first = 0, openssl = 0] = mediansInTurn(rounds, [
      { name: 'node', run: () => cpuTime([[node, '-e', '0']]) },
      {
        name: 'check',
        run: () => cpuTime([keeping(join(directory, 'code'), [node, ...check])]),
      },
      { name: 'own node', run: () => cpuTime([['node', '-e', '0']]) },
      { name: 'check as root', run: () => cpuTime([keeping('', ['node', ...check])]) },
      { name: 'openssl', run: () => cpuTime(bySsl) },
    ]);
    process.stdout.write("\ncheck on the seed's set\n");
    showRow(`node -e 0 of Node ${nodeVersion}, from npm`, bare);
    showRow(
      'etcd-tls-audit check',
      ours,
      `${againstBudget(ours / bare, ' ×', { atMost: 4.5 })} of bare Node`,
    );
    showRow('node -e 0 of the Node that built the program', own);
    showRow('a first start, or one of root', first, `${(first / own).toFixed(2)} × of bare Node`);
    showExecutable(set);
    if (against !== undefined) showAgainst(join(against, 'dist', 'cli', 'main.js'), set, directory);
    showRow(
      `${bySsl.length} openssl commands`,
      openssl,
      `check takes ${againstBudget(ours / openssl, ' ×', { atMost: 1 })} that`,
    );
  });
}

/** A program that crashes would count as fast: before it is measured, it has to report what is wrong with the set. */
function demandFindings([command, ...args]: CommandLine): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === exitCodes.fail && stdout.includes('FAIL')) return;
  throw new Error(`${command} ${args.join(' ')} ends with ${status}: ${stderr}`);
}

/** Both releases by npm's Node, each with compiled code from its earlier runs, where it keeps any. */
function showAgainst(program: string, set: string, directory: string): void {
  if (!existsSync(program)) throw new Error(`${program} is missing: build the other release`);
  const node = nodeFor(ownArchitecture()).program;
  demandFindings([node, program, 'check', set]);
  const kept = (name: string, entry: string) =>
    keeping(join(directory, name), [node, entry, 'check', set]);
  const [other = 0, ours = 0] = mediansInTurn(rounds, [
    { name: 'other', run: () => cpuTime([kept('other', program)]) },
    { name: 'check', run: () => cpuTime([kept('ours', 'dist/cli/main.js')]) },
  ]);
  showRow('the other release', other);
  showRow('this one', ours, `${(ours / other).toFixed(2)} × the other`);
}

/** The executable compared with the Node that it is made of, where `npm run executable` has built it. */
function showExecutable(set: string): void {
  const program = builtExecutable();
  if (program === undefined) return;
  const node = nodeFor(ownArchitecture()).program;
  demandFindings([program, 'check', set]);
  const [bare = 0, ours = 0] = mediansInTurn(rounds, [
    { name: 'node', run: () => cpuTime([[node, '-e', '0']]) },
    { name: 'check', run: () => cpuTime([[program, 'check', set]]) },
  ]);
  showRow('node -e 0 of the executable', bare);
  showRow(
    'the executable check',
    ours,
    `${againstBudget(ours / bare, ' ×', { atMost: 3.5 })} of bare Node`,
  );
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
