import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPolitely, isRunning, type StartedProcess, startProcess, until } from '../processes.ts';
import { cleanEnvironment, type Ended, isThere, run } from '../run.ts';

/** A project of Docker compose, and the daemon if it had to be started by us. */
export interface Compose {
  /** `docker compose` or `docker-compose`, with files and project name. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly daemon?: Daemon;
}

export interface Daemon {
  readonly process: StartedProcess;
  readonly directory: string;
}

/** Whether Docker and one of the two forms of compose are there; a daemon may still have to be started. */
export async function canUseDocker(): Promise<boolean> {
  if (!(await isThere('docker')) || (await composeCommand()) === undefined) {
    return false;
  }
  return (await daemonAnswers({})) || canStartDaemon();
}

/** Version 2 is part of docker, version 1 a program of its own. */
export async function composeCommand(): Promise<readonly string[] | undefined> {
  if (await isThere('docker', ['compose', 'version'])) {
    return ['docker', 'compose'];
  }
  return (await isThere('docker-compose')) ? ['docker-compose'] : undefined;
}

async function daemonAnswers(environment: Readonly<Record<string, string>>): Promise<boolean> {
  return (await run('docker', ['info'], { environment, timeoutMilliseconds: 20_000 })).code === 0;
}

async function canStartDaemon(): Promise<boolean> {
  return process.getuid?.() === 0 && (await isThere('dockerd'));
}

/** The machine's daemon where it answers, else one of our own with a socket of its own. */
export async function reachDaemon(): Promise<Pick<Compose, 'environment' | 'daemon'>> {
  return (await daemonAnswers({})) ? { environment: {} } : startDaemon();
}

async function startDaemon(): Promise<Pick<Compose, 'environment' | 'daemon'>> {
  // Paths of sockets have at most 107 characters, hence the system's own temporary directory
  const directory = await mkdtemp(join(tmpdir(), 'etcd-dockerd-'));
  const socket = `unix://${join(directory, 'docker.sock')}`;
  const places = { '--data-root': 'data', '--exec-root': 'run', '--pidfile': 'pid' };
  const started = await startProcess(
    [
      'dockerd',
      `--host=${socket}`,
      '--bridge=none',
      ...Object.entries(places).flatMap(([option, name]) => [option, join(directory, name)]),
    ],
    join(directory, 'log'),
    cleanEnvironment(),
  );
  const environment = { DOCKER_HOST: socket };
  const answers = await until(async () => await daemonAnswers(environment), 30_000);
  if (!answers) {
    await stopDaemon({ process: started, directory });
    throw new Error('dockerd was started and does not answer');
  }
  return { environment, daemon: { process: started, directory } };
}

/** Ends a daemon that we started, which ends its containers and its own children. */
async function stopDaemon(daemon: Daemon): Promise<void> {
  await endPolitely(daemon.process, 60_000);
  if (!(await isRunning(daemon.process))) {
    await rm(daemon.directory, { recursive: true, force: true });
  }
}

/** Runs compose with more parameters. */
export async function compose(
  { command, environment }: Compose,
  ...more: readonly string[]
): Promise<Ended> {
  const [program = '', ...parameters] = command;
  return run(program, [...parameters, ...more], { environment });
}

/** Removes the project's containers and network, and ends the daemon if it is ours. */
export async function stopCompose(project: Compose): Promise<void> {
  await compose(project, 'down', '--volumes', '--timeout', '1');
  if (project.daemon !== undefined) {
    await stopDaemon(project.daemon);
  }
}
