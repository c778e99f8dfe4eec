import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Another build than that of this test run. */
  readonly entry?: string;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
  /** Called once it runs, with what sends it SIGINT. */
  readonly onStart?: (interrupt: () => void) => void;
}

/** The entry of the program as it was built for this test run. */
export const entry = resolve(join(process.env['ETCD_TLS_AUDIT_BUILD'] ?? 'dist', 'cli', 'main.js'));

/** Runs the built program to its end, without the colours and variables of whoever runs the tests. */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(options.node ?? process.execPath, [options.entry ?? entry, ...args], {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A program that ends without reading its input closes the pipe: no error of the test.
  child.stdin.on('error', () => {}).end(options.input ?? '');
  options.onStart?.(() => child.kill('SIGINT'));
  return await new Promise((settle, refuse) => {
    child.once('error', refuse);
    child.once('close', (code) => settle({ code, ...output }));
  });
}
