import { execFile, type ExecFileOptions } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  /** 127 when there is no such command, 124 when it took too long. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMilliseconds?: number;
  readonly input?: string;
}

/** Runs a command to its end. Never rejects: the code says what happened. */
export async function run(
  command: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { cwd, environment, timeoutMilliseconds: timeout = 600_000, input } = options;
  const settings: ExecFileOptions = {
    ...(cwd === undefined ? {} : { cwd }),
    env: cleanEnvironment(environment),
    timeout,
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    const child = execFile(command, parameters, settings, (error, stdout, stderr) => {
      resolve({ code: exitCode(error), stdout: String(stdout), stderr: String(stderr) });
    });
    child.stdin?.on('error', () => {
      // A command that does not read its input closes it: EPIPE says nothing of interest.
    });
    child.stdin?.end(input);
  });
}

function exitCode(error: (Error & { code?: unknown; killed?: boolean }) | null): number {
  if (error === null) {
    return 0;
  }
  if (error.killed === true) {
    return 124;
  }
  return typeof error.code === 'number' ? error.code : 127;
}

/**
 * Our environment without the variables by which Go, OpenSSL, Node, curl, Python and gRPC find other roots, and without
 * settings of etcd and etcdctl: a child must see what it would see on a fresh machine.
 */
export function cleanEnvironment(
  more: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const foreign =
    /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|GRPC_DEFAULT_SSL_ROOTS_FILE_PATH|GODEBUG|ETCD.*)$/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return Object.fromEntries(
    [...own, ...Object.entries(more)].filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

/** Whether a command is to be had on this machine. */
export async function isThere(command: string, parameters: readonly string[] = ['--version']) {
  return (await run(command, parameters, { timeoutMilliseconds: 20_000 })).code === 0;
}
