import { writeCertSet } from './cert-set.ts';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startCluster, stopHandle } from './cluster.ts';
import { etcdBinaries } from './etcd-binaries.ts';
import { faultNamed, faults, withFault } from './faults/index.ts';
import { type Runtime, runtimes } from './nodes.ts';
import { deployedDirectory, type Plan, planOf, settingsNames } from './plan.ts';
import { isRunning } from './processes.ts';
import { cleanEnvironment } from './run.ts';
import { canUseDocker, compose } from './runtimes/compose.ts';
import { canUseNetns } from './runtimes/netns.ts';
import type { Cluster, ClusterOptions, Handle } from './types.ts';

/** The options of the command line, as they were given. */
export interface UpOptions {
  readonly directory: string;
  readonly runtime?: string | undefined;
  readonly etcd?: string | undefined;
  readonly settings?: string | undefined;
  readonly fault?: string | undefined;
  readonly keys?: string | undefined;
}

/** What is left on disk for `down`, `status` and `run`. */
interface State {
  readonly version: string;
  readonly about: string;
  readonly handle: Handle;
}

/** Where `up` writes by default; docker-compose.yml looks there too. */
export const usualDirectory = '.cache/testcluster';

const stateFile = 'state.json';

/** Starts a cluster and leaves it running. */
export async function up(options: UpOptions): Promise<string> {
  const directory = resolve(options.directory);
  if ((await readState(directory)) !== undefined) {
    throw new Misuse(`a cluster of ${directory} is up already: end it with "down"`);
  }
  const isUsual = directory === resolve(usualDirectory);
  // Only the usual one is sure to hold nothing else.
  if (!isUsual && (await readdir(directory).catch(() => [])).length > 0) {
    throw new Misuse(`${directory} is not empty: give a new directory`);
  }
  const runtime = await runtimeFor(options);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const { about, ...rest } = await whatToStart(options, runtime);
  const cluster = await startCluster({ ...rest, directory });
  const state: State = { version: cluster.version, about, handle: cluster.handle };
  await writeFile(join(directory, stateFile), JSON.stringify(state, undefined, 2));
  return whatNext(cluster, about, isUsual ? '' : ` --directory ${directory}`);
}

/** The files of a cluster that nothing runs, in a directory of their own. */
export async function writeSet([name, directory]: readonly string[]): Promise<string> {
  const settings = oneOf(settingsNames, name ?? '', 'SETTINGS');
  if (directory === undefined) throw new Misuse('give a directory: write SETTINGS DIRECTORY');
  await mkdir(directory); // never over what is there
  await writeCertSet(directory, { settings });
  return `wrote certificates, keys and settings of three members to ${directory}`;
}

async function whatToStart(
  options: UpOptions,
  runtime: Runtime,
): Promise<ClusterOptions & { about: string }> {
  const keys = oneOf(['ecdsa', 'rsa'] as const, options.keys ?? 'ecdsa', '--keys');
  const settings = oneOf(settingsNames, options.settings ?? 'seed', '--settings');
  const common = { runtime, keys, ...(options.etcd === undefined ? {} : { etcd: options.etcd }) };
  if (runtime !== 'docker') {
    await haveEtcd(options.etcd);
  }
  if (options.fault === undefined) {
    return { ...common, settings, about: `settings ${settings}` };
  }
  const fault = faultNamed(options.fault);
  if (fault === undefined) {
    const names = faults.map(({ name }) => name).join(', ');
    throw new Misuse(`no fault is called ${options.fault}; there are ${names}`);
  }
  return {
    ...common,
    plan: (nodes): Plan => withFault(planOf({ runtime, nodes, keys, settings: 'fixed' }), fault),
    unready: fault.unready ?? [],
    about: `settings fixed, but ${fault.what}`,
  };
}

/** Says what to do where etcd cannot be fetched. */
async function haveEtcd(version: string | undefined): Promise<void> {
  await etcdBinaries(version).catch((error: unknown) => {
    const because = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${because}\nUnpack an etcd release and set ETCD_TLS_AUDIT_ETCD to the directory that contains etcd ` +
        'and etcdctl.',
      { cause: error },
    );
  });
}

async function runtimeFor({ runtime }: UpOptions): Promise<Runtime> {
  if (runtime !== undefined) {
    return oneOf(runtimes, runtime, '--runtime');
  }
  return await bestRuntime();
}

/** The first runtime that works on this machine. */
export async function bestRuntime(): Promise<Runtime> {
  if (await canUseDocker()) {
    return 'docker';
  }
  return (await canUseNetns()) ? 'netns' : 'native';
}

function whatNext(cluster: Cluster, about: string, where: string): string {
  const { set, runtime, members } = cluster;
  const program = 'node dist/cli/main.js';
  const paths = `${set} --map ${deployedDirectory}=${cluster.certificates}`;
  const prefix = runtime === 'netns' ? `npm run testcluster -- run${where} -- ` : '';
  const native =
    '\nPlain processes share 127.0.0.0/8, where every connection comes from 127.0.0.1: their certificates\n' +
    'hold that address as well, unlike the document.\n';
  return `etcd ${cluster.version} is up (${runtime}, ${about})
${members.map(({ name, clientUrl, peerUrl }) => `  ${name}  ${clientUrl}  ${peerUrl}`).join('\n')}
  files in ${set}
${runtime === 'native' ? native : ''}
next, after npm run build:
  ${program} check ${paths}
  ${prefix}${program} verify ${paths}
  npm run testcluster -- down${where}`;
}

/** Ends a cluster that `up` left running. */
export async function down(directory: string): Promise<string> {
  const state = await readState(directory);
  if (state === undefined) {
    return `no cluster of ${directory} is up`;
  }
  await stopHandle(state.handle);
  await rm(directory, { recursive: true, force: true });
  return `etcd ${state.version} is down`;
}

export async function describeStatus(directory: string): Promise<string> {
  const state = await readState(directory);
  if (state === undefined) {
    return `no cluster of ${directory} is up`;
  }
  const { handle } = state;
  const lines = Object.entries(handle.processes).map(
    async ([name, started]) =>
      `  ${name}  ${(await isRunning(started)) ? `process ${started.id}` : 'has ended'}`,
  );
  const containers = handle.compose && (await compose(handle.compose, 'ps')).stdout.trimEnd();
  const about = `etcd ${state.version} (${handle.runtime}, ${state.about})`;
  return [about, ...(await Promise.all(lines)), ...(containers ? [containers] : [])].join('\n');
}

/** Runs a command with our input and output, and ends as it does. */
export async function runInside(directory: string, command: readonly string[]): Promise<number> {
  const state = await readState(directory);
  const [program, ...parameters] = [...(state?.handle.placement.client ?? []), ...command];
  if (state === undefined || command.length === 0 || program === undefined) {
    throw new Misuse(state === undefined ? `no cluster of ${directory} is up` : 'run what?');
  }
  const child = spawn(program, parameters, { stdio: 'inherit', env: cleanEnvironment() });
  return new Promise((end, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      end(code ?? 1);
    });
  });
}

async function readState(directory: string): Promise<State | undefined> {
  const text = await readFile(join(directory, stateFile), 'utf8').catch(() => undefined);
  const state: unknown = text === undefined ? undefined : JSON.parse(text);
  return isState(state) ? state : undefined;
}

/** The file was written by ourselves: what has a handle has the rest. */
function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && 'handle' in value;
}

/** A wrong command line. */
class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly code = 'MISUSE';
}

function oneOf<const Choice extends string>(
  choices: readonly Choice[],
  given: string,
  option: string,
): Choice {
  const choice = choices.find((each) => each === given);
  if (choice === undefined) {
    throw new Misuse(`${option} takes ${choices.join(', ')}, not ${given}`);
  }
  return choice;
}
