import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './run.ts';

/** A process that we started, distinguished from a later one with the same id. */
export interface StartedProcess {
  readonly id: number;
  /** In ticks since the machine started on Linux, else as `ps` prints it. */
  readonly startedAt: string;
}

/** Starts something that goes on when we end. What it prints goes to a file. */
export async function startProcess(
  command: readonly string[],
  logFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<StartedProcess> {
  const [program = '', ...parameters] = command;
  const log = await open(logFile, 'a');
  const child = spawn(program, parameters, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: environment,
  });
  const id = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
  child.unref();
  await log.close();
  return { id, startedAt: (await look(id))?.startedAt ?? 'ended at once' };
}

/** Zombies count as ended. */
export async function isRunning(started: StartedProcess): Promise<boolean> {
  return (await look(started.id))?.startedAt === started.startedAt;
}

/**
 * Ends a process that we started, and no other. By force: nothing in a test cluster is worth keeping,
 * and members that are asked politely wait seconds for a quorum that is ending too.
 */
export async function endProcess(started: StartedProcess): Promise<void> {
  if (await isRunning(started)) {
    kill(started.id, 'SIGKILL');
    await until(async () => !(await isRunning(started)), 5000);
  }
}

/** Asks a process that we started to end, and waits; for those with children of their own to end. */
export async function endPolitely(started: StartedProcess, milliseconds: number): Promise<void> {
  if (await isRunning(started)) {
    kill(started.id, 'SIGTERM');
    await until(async () => !(await isRunning(started)), milliseconds);
  }
}

function kill(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code);
}

/** Asks again and again, up to a deadline; says whether the answer was ever yes. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  milliseconds: number,
): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      return false;
    }
    await pause(50);
  }
  return true;
}

/** Undefined once it has ended, and for a zombie. */
async function look(id: number): Promise<{ startedAt: string } | undefined> {
  return process.platform === 'linux' ? lookInProc(id) : askPs(id);
}

/**
 * `/proc/PID/stat` of proc(5): after the program's name, in brackets, come the state, 17 fields later the number of
 * threads, and 2 later the start. The first thread is a zombie while others still end, and hold the ports.
 */
async function lookInProc(id: number): Promise<{ startedAt: string } | undefined> {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [threads, startedAt] = [Number(fields[16]), fields[18]];
  const hasEnded = state === 'Z' && threads <= 1;
  return hasEnded || startedAt === undefined ? undefined : { startedAt };
}

async function askPs(id: number): Promise<{ startedAt: string } | undefined> {
  const { code, stdout, stderr } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(id)]);
  if (code > 1) throw new Error(`ps cannot say whether process ${id} runs: ${stderr || code}`);
  const [, state = '', startedAt = ''] = /^(\S+)\s+(.+?)\s*$/m.exec(stdout) ?? [];
  return code === 1 || state.startsWith('Z') ? undefined : { startedAt };
}
