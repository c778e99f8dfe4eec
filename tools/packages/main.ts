import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { completionScript } from '../../src/cli/completion.ts';
import { program } from '../../src/cli/program.ts';
import { version } from '../../src/version.ts';
import { goTool } from '../../testcluster/certificate-tools.ts';
import { type Architecture, architectures, nodeFor } from '../executable/node.ts';
import { executableOf } from '../executable/output.ts';
import { manPage } from './man-page.ts';
import { configurationFor } from './nfpm.ts';

const usage = `usage: npm run packages [-- --output DIRECTORY]

Packs the executables that \`npm run executable\` built in DIRECTORY (default: release): deb, rpm, an archive for
kubectl's plugin manager with its manifest, and the npm package, which is built for it, with Homebrew's formula.
`;

const { values } = parseArgs({
  options: {
    output: { type: 'string', default: 'release' },
    help: { type: 'boolean', default: false },
  },
});
const output = resolve(values.output);
/** Seconds: the date of every file in a package, so that the same sources give the same bytes. */
const { SOURCE_DATE_EPOCH: date = '315532800' } = process.env;

if (values.help) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const built = architectures.filter((name) => existsSync(join(output, executableOf(name))));
  if (built.length === 0) throw new Error(`there is no executable in ${output}\n${usage}`);
  const nfpm = await goTool('nfpm');
  const work = mkdtempSync(join(tmpdir(), 'etcd-tls-audit-packages-'));
  try {
    writeTexts(work);
    for (const architecture of built) {
      writeLicences(architecture, work);
      pack(nfpm, architecture, work);
      archive(architecture, work);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  writeManifest(built);
  writeFormula();
}

/** What is made from the program itself. */
function writeTexts(work: string): void {
  const root = program(() => undefined);
  writeFileSync(join(work, 'man'), gzipSync(manPage(root)));
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    writeFileSync(join(work, shell), completionScript(root, shell));
  }
}

function writeLicences(architecture: Architecture, work: string): void {
  const texts = [
    'LICENSE',
    `${join(output, executableOf(architecture))}.NOTICES.txt`,
    nodeFor(architecture).licence,
  ];
  const all = texts.map((file) => readFileSync(file, 'utf8')).join(`\n${'='.repeat(80)}\n\n`);
  writeFileSync(join(work, 'copyright'), all);
}

function pack(nfpm: string, architecture: Architecture, work: string): void {
  const executable = join(output, executableOf(architecture));
  const file = join(work, 'nfpm.yaml');
  // YAML contains JSON.
  writeFileSync(file, JSON.stringify(configurationFor(architecture, executable, work)));
  for (const packager of ['deb', 'rpm']) {
    const args = ['package', '--config', file, '--packager', packager, '--target', output];
    execFileSync(nfpm, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SOURCE_DATE_EPOCH: date },
    });
  }
}

/** What kubectl's plugin manager unpacks: the name by which kubectl finds it leads to the program. */
function archive(architecture: Architecture, work: string): void {
  const directory = join(work, architecture);
  mkdirSync(directory);
  copyFileSync(join(output, executableOf(architecture)), join(directory, 'etcd-tls-audit'));
  copyFileSync(join(work, 'copyright'), join(directory, 'LICENSE'));
  symlinkSync('etcd-tls-audit', join(directory, 'kubectl-etcd_tls_audit'));
  const same = ['--sort=name', `--mtime=@${date}`, '--owner=0', '--group=0', '--numeric-owner'];
  const packed = ['-I', 'gzip -n', '-cf', archiveOf(architecture), '-C', directory, '.'];
  execFileSync('tar', [...same, ...packed]);
}

function archiveOf(architecture: Architecture): string {
  return join(output, `${executableOf(architecture)}.tar.gz`);
}

/** `packaging/krew.yaml` with the version, and with the digests of the archives that there are. */
function writeManifest(built: readonly Architecture[]): void {
  const template = readFileSync(join('packaging', 'krew.yaml'), 'utf8');
  const [head = '', ...platforms] = template.split(/(?=^ +- selector:)/m);
  const filled = platforms.flatMap((platform) => {
    const architecture = built.find((name) => platform.includes(`{${name}}`));
    if (architecture === undefined) return [];
    return [platform.replace(`{${architecture}}`, digest(archiveOf(architecture)))];
  });
  const manifest = [head, ...filled].join('').replaceAll('{version}', version);
  writeFileSync(join(output, 'etcd-tls-audit.krew.yaml'), manifest);
}

/** `packaging/homebrew.rb` with the version and the digest of the npm package, which runs on macOS too. */
function writeFormula(): void {
  // `prepack` builds, so that what an older build left is not packed.
  execFileSync('npm', ['pack', '--silent', '--pack-destination', output], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = join(output, `etcd-tls-audit-${version}.tgz`);
  const template = readFileSync(join('packaging', 'homebrew.rb'), 'utf8');
  const formula = template.replaceAll('{version}', version).replace('{npm}', digest(tarball));
  writeFileSync(join(output, 'etcd-tls-audit.rb'), formula);
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
