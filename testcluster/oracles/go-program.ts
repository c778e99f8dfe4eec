import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownToolchain } from '../binaries/go-toolchains.ts';
import { withLock } from '../lock.ts';
import { run } from '../run.ts';
import type { Program } from './oracle-client.ts';

/** A program built from Go modules, in a module of its own. */
export interface GoProgram {
  readonly name: string;
  readonly release: string;
  /** The package to build: of a module, or `.` with the text of its main.go. */
  readonly main: string;
  readonly source?: string;
  /** With its version. */
  readonly module: string;
  /** The release of the modules that its go.mod replaces by folders of its repository. */
  readonly staging?: string;
}

const cache = join(import.meta.dirname, '..', '..', '.cache', 'oracles');

/** Builds the program unless it has been built before. */
export async function goProgram(wanted: GoProgram): Promise<Program> {
  const directory = join(cache, `${wanted.name}-${wanted.release}`);
  const program = join(directory, wanted.name);
  await mkdir(directory, { recursive: true });
  await withLock(join(directory, 'lock'), async () => {
    if (!(await isBuilt(program, wanted))) await build(wanted, directory, program);
  });
  const version = await go(['version', program], directory);
  const goVersion = /: go(\S+)/.exec(version)?.[1];
  if (goVersion === undefined) throw new Error(`${program} does not say what built it`);
  return { release: wanted.release, goVersion, command: [program] };
}

async function isBuilt(program: string, { source = '' }: GoProgram): Promise<boolean> {
  const built = await readFile(`${program}.source`, 'utf8').catch(() => undefined);
  return built === source;
}

async function build(
  { name, main, source, module, staging }: GoProgram,
  directory: string,
  program: string,
): Promise<void> {
  await rm(join(directory, 'go.mod'), { force: true });
  await go(['mod', 'init', `oracle-${name}`], directory);
  if (source !== undefined) await writeFile(join(directory, 'main.go'), source);
  await go(['mod', 'edit', `-require=${module}`], directory);
  if (staging !== undefined) {
    for (const each of await stagedModules(module, directory)) {
      await go(['mod', 'edit', `-replace=${each}=${each}@${staging}`], directory);
    }
  }
  await go(['build', '-o', `${program}.new`, main], directory);
  await rename(`${program}.new`, program);
  await writeFile(`${program}.source`, source ?? '');
}

async function stagedModules(module: string, directory: string): Promise<readonly string[]> {
  const answer = await go(['mod', 'download', '-json', module], directory);
  const path = /"GoMod": "([^"]+)"/.exec(answer)?.[1] ?? '';
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(/^\s*(\S+) => \.\/staging\//gm)].map(([, name = '']) => name);
}

async function go(parameters: readonly string[], directory: string): Promise<string> {
  const { program, environment } = await ownToolchain();
  const { code, stdout, stderr } = await run('nice', [program, ...parameters], {
    cwd: directory,
    environment: { GOWORK: 'off', GOFLAGS: '-mod=mod', CGO_ENABLED: '0', ...environment },
    timeoutMilliseconds: 3_600_000,
  });
  if (code !== 0) {
    const said = stderr.trim().split('\n').slice(-2).join(' / ');
    throw new Error(`go ${parameters.join(' ')}: ${said}`.replaceAll(/https?:\S+/g, '…'));
  }
  return stdout;
}
