import { join } from 'node:path';
import { writeCertSet } from '../testcluster/cert-set.ts';
import { debianFile, goTool } from '../testcluster/certificate-tools.ts';
import { startCluster } from '../testcluster/cluster.ts';
import { goProgram } from '../testcluster/oracles/go-program.ts';
import { pythonEnvironment } from '../testcluster/python-environment.ts';
import { run } from '../testcluster/run.ts';
import { withDirectory } from './directory.ts';
import { type CommandLine, cpuTime, keeping, mediansInTurn, showRow } from './measure.ts';

/** What a user may pick instead, and the part of the work that it does. */
interface OtherTool {
  readonly name: string;
  readonly part: string;
  /** Fails where the tool cannot be had. */
  readonly commands: () => Promise<readonly CommandLine[]>;
}

/** Each other tool on its part of the work of `check` and of `verify`, in turn with the command that does all of it. */
export async function benchOtherTools(): Promise<void> {
  await withDirectory(async (directory) => {
    const cache = join(directory, 'code');
    const set = join(directory, 'set');
    const certificates = await writeCertSet(set, { settings: 'seed' });
    process.stdout.write("\ncheck on the seed's set, and other tools on their part of it\n");
    await compare(['check', set], [step(certificates), cfssl(certificates)], 9, cache);

    const pki = join(directory, 'pki');
    process.stdout.write(
      "\ncheck on kubeadm's PKI of one control plane, and kubeadm on its part of it\n",
    );
    await compare(['check', pki], [kubeadm(pki)], 9, cache);

    await using cluster = await startCluster({ runtime: 'native', ports: 'free' });
    process.stdout.write('\nverify on three members, and other tools on their part of it\n');
    const addresses = cluster.members.flatMap(({ clientUrl, peerUrl }) =>
      [clientUrl, peerUrl].map((url) => url.replace('https://', '')),
    );
    const map = `/etc/ssl/certs/etcd=${cluster.certificates}`;
    const tools = [sslscan(addresses), sslyze(addresses), testssl(addresses)];
    await compare(['verify', cluster.set, '--map', map], tools, 1, cache);
  });
}

async function compare(
  audit: readonly string[],
  tools: readonly OtherTool[],
  rounds: number,
  cache: string,
): Promise<void> {
  const there: { name: string; commands: readonly CommandLine[] }[] = [];
  for (const { name, part, commands } of tools) {
    try {
      const all = await commands();
      await mustAnswer(all);
      there.push({ name: `${name}: ${part}`, commands: all });
    } catch (error) {
      const [why] = String(error).split('\n');
      process.stdout.write(`  NOT MEASURED: ${name}, which would tell ${part} (${why})\n`);
    }
  }
  if (there.length === 0) return;
  const ours = keeping(cache, ['node', 'dist/cli/main.js', ...audit, '--quiet']);
  await mustJudge(ours);
  const [own = 0, ...others] = mediansInTurn(rounds, [
    { name: 'own', run: () => cpuTime([ours]) },
    ...there.map(({ name, commands }) => ({ name, run: () => cpuTime(commands) })),
  ]);
  showRow(`etcd-tls-audit ${audit[0]}`, own);
  for (const [index, { name, commands }] of there.entries()) {
    const took = others[index] ?? Number.NaN;
    const counted = commands.length === 1 ? 'one command' : `${commands.length} commands`;
    const share = `${counted}; ${audit[0]} takes ${(own / took).toFixed(2)} × that`;
    showRow(name, took, share);
  }
}

/** Some end with another code than 0 for what they find: one that also prints nothing did not run. */
async function mustAnswer(commands: readonly CommandLine[]): Promise<void> {
  for (const [program, ...args] of commands) {
    const { code, stdout, stderr } = await run(program, args);
    if (code !== 0 && stdout.trim() === '')
      throw new Error(`${program} ended with ${code}: ${stderr.trim()}`);
  }
}

/** PASS, FAIL and INCOMPLETE are answers; wrong usage and input that cannot be read are none. */
async function mustJudge([program, ...args]: CommandLine): Promise<void> {
  const { code, stderr } = await run(program, args);
  if (code !== 0 && code !== 1 && code !== 3)
    throw new Error(`etcd-tls-audit ended with ${code}: ${stderr.trim()}`);
}

const members = [
  ['node_1_cert.pem', '10.104.100.236'],
  ['node_2_cert.pem', '10.104.100.245'],
  ['node_3_cert.pem', '10.104.100.239'],
] as const;

function step(directory: string): OtherTool {
  return {
    name: 'step',
    part: 'chains, names and dates',
    commands: async () => {
      const program = await goTool('step');
      const roots = ['--roots', join(directory, 'ca_cert.pem')];
      return [
        ...members.map(([file, host]): CommandLine => [
          program,
          'certificate',
          'verify',
          join(directory, file),
          ...roots,
          '--host',
          host,
        ]),
        [program, 'certificate', 'verify', join(directory, 'client_cert.pem'), ...roots],
        ...certificatesOf(directory).map((file): CommandLine => [
          program,
          'certificate',
          'inspect',
          file,
        ]),
      ];
    },
  };
}

function cfssl(directory: string): OtherTool {
  return {
    name: 'cfssl',
    part: 'names and dates',
    commands: async () => {
      const program = await goTool('cfssl');
      return certificatesOf(directory).map((file): CommandLine => [
        program,
        'certinfo',
        '-cert',
        file,
      ]);
    },
  };
}

function certificatesOf(directory: string): readonly string[] {
  const names = ['ca_cert.pem', ...members.map(([file]) => file), 'client_cert.pem'];
  return names.map((name) => join(directory, name));
}

/** Makes the PKI as well, which `check` then reads. */
function kubeadm(pki: string): OtherTool {
  return {
    name: 'kubeadm certs check-expiration',
    part: 'dates',
    commands: async () => {
      const built = await goProgram({
        name: 'kubeadm',
        release: '1.34.4',
        main: 'k8s.io/kubernetes/cmd/kubeadm',
        module: 'k8s.io/kubernetes@v1.34.4',
        staging: 'v0.34.4',
      });
      const [program] = built.command;
      const certificates = ['--cert-dir', pki];
      const made = await run(program, ['init', 'phase', 'certs', 'all', ...certificates]);
      if (made.code !== 0) throw new Error(`kubeadm made no PKI: ${made.stderr}`);
      // Without a cluster to read its settings from it takes the default ones.
      const alone = ['--kubeconfig', join(pki, 'none')];
      return [[program, 'certs', 'check-expiration', ...certificates, ...alone]];
    },
  };
}

function sslscan(addresses: readonly string[]): OtherTool {
  return {
    name: 'sslscan',
    part: 'versions, suites, groups and the certificate of each port',
    commands: async () => {
      const program = await debianFile('sslscan', 'usr/bin/sslscan');
      return addresses.map((address): CommandLine => [program, '--no-colour', address]);
    },
  };
}

function sslyze(addresses: readonly string[]): OtherTool {
  return {
    name: 'sslyze',
    part: 'the same, and known attacks',
    commands: async () => {
      const directory = await pythonEnvironment('sslyze', '6.3.1');
      return [[join(directory, 'bin', 'sslyze'), ...addresses]];
    },
  };
}

function testssl(addresses: readonly string[]): OtherTool {
  return {
    name: 'testssl.sh',
    part: 'versions and the certificate of each port',
    commands: async () => {
      const program = await debianFile('testssl.sh', 'usr/bin/testssl');
      const etc = join(program, '..', '..', '..', 'etc', 'testssl');
      const asked = ['--quiet', '--color', '0', '--protocols', '--server-defaults'];
      return addresses.map((address): CommandLine => [
        'env',
        `TESTSSL_INSTALL_DIR=${etc}`,
        program,
        ...asked,
        address,
      ]);
    },
  };
}
