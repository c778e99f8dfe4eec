import { execFile } from 'node:child_process';

/** How etcd is started: as whom, and with what over the host's directories. */
export interface Confinement {
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
  readonly bounding?: string;
  /** Commands of sh that run as root in a mount namespace of their own. */
  readonly mounts?: readonly string[];
}

/** What an etcd in a mount namespace, under a user of its own, prints until it serves or ends. */
export async function startConfined(
  etcd: string,
  words: readonly string[],
  { uid, gid = uid, groups = [], bounding, mounts = [] }: Confinement,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const setpriv = [
    'setpriv',
    ...(uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${gid}`]),
    groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`,
    ...(bounding === undefined ? [] : [`--bounding-set=${bounding}`, `--inh-caps=${bounding}`]),
  ];
  const script = [...mounts, `exec "$@"`].join('\n');
  const inside = ['-m', '--propagation', 'private', 'sh', '-ec', script, 'sh'];
  return await new Promise((resolve) => {
    const child = execFile(
      'unshare',
      [...inside, ...setpriv, etcd, ...words],
      { env: { PATH: process.env['PATH'] ?? '', ...environment }, timeout: 20_000, cwd: '/' },
      (_error, stdout, stderr) => resolve((stdout + stderr).replaceAll('\\"', '"')),
    );
    child.stderr?.on('data', (text: string) => {
      if (isServing(text)) child.kill('SIGTERM');
    });
  });
}

export function isServing(output: string): boolean {
  return /ready to serve client requests|serving client (?:requests|traffic)/.test(output);
}
