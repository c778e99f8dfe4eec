import { spawn } from 'node:child_process';
import { configSource } from '../../src/collect/settings/member-draft.ts';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import type { EtcdVersion } from '../../src/etcd/version.ts';
import type { SettingsSource } from '../../src/model/settings.ts';

export interface Start {
  readonly words?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly config?: string;
}

/** What etcd is predicted to end with; undefined when nothing keeps it from starting. */
export async function refusalOf(
  { words = [], variables = {}, config }: Start,
  version: EtcdVersion,
): Promise<string | undefined> {
  const sources: SettingsSource[] = [
    { kind: 'flags', arguments: words.map((text) => ({ text })) },
    {
      kind: 'environment',
      variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
    },
  ];
  if (config !== undefined) {
    sources.push(await configSource('etcd.yml', { path: 'etcd.yml', text: config }));
  }
  const { problems } = readMemberSettings(sources, version);
  return problems.find(({ kind }) => kind === 'refused-at-start')?.etcdSays;
}

const patience = 20_000;

/** Runs etcd until it ends or serves clients. */
export async function startEtcd(
  etcd: string,
  { words = [], variables = {}, config }: Start,
  directory: string,
): Promise<{ status: 'ended' | 'serves' | 'neither'; output: string }> {
  const all = config === undefined ? words : ['--config-file=etcd.yml'];
  const child = spawn(etcd, all, { cwd: directory, env: variables, timeout: patience });
  let output = '';
  let status: 'ended' | 'serves' | 'neither' = 'ended';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (!/serving (?:insecure )?client (?:requests|traffic)/.test(output)) return;
      status = 'serves';
      child.kill('SIGKILL');
    });
  }
  await new Promise((resolve) => child.on('close', resolve));
  if (child.signalCode === 'SIGTERM') status = 'neither';
  // zap writes JSON, in which quotes are escaped.
  return { status, output: output.replaceAll('\\"', '"').replaceAll('\\\\', '\\') };
}
