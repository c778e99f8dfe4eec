import { readYaml } from '../../../src/collect/settings/yaml.ts';
import { readMemberSettings } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';
import type { SettingsSource } from '../../../src/model/settings.ts';
import type { SettingsProblem } from '../../../src/model/settings-problem.ts';

export const plain = [
  '--listen-client-urls=http://127.0.0.1:2379',
  '--advertise-client-urls=http://127.0.0.1:2379',
];
export const encrypted = [
  '--listen-client-urls=https://127.0.0.1:2379',
  '--advertise-client-urls=https://127.0.0.1:2379',
  '--listen-peer-urls=https://127.0.0.1:2380',
  '--initial-advertise-peer-urls=https://127.0.0.1:2380',
];
export const clientPair = ['--cert-file=/c.pem', '--key-file=/k.pem'];
export const peerPair = ['--peer-cert-file=/c.pem', '--peer-key-file=/k.pem'];
export const sound = ['--name=n1', ...encrypted, ...clientPair, ...peerPair];

export function problemsOf(
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  version: string,
): readonly SettingsProblem[] {
  const sources: readonly SettingsSource[] = [
    { kind: 'flags', arguments: words.map((text) => ({ text })) },
    {
      kind: 'environment',
      variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
    },
  ];
  return readMemberSettings(sources, etcdVersion(version)).problems;
}

export function refusals(problems: readonly SettingsProblem[]) {
  return problems.filter(({ kind }) => kind === 'refused-at-start').map(({ etcdSays }) => etcdSays);
}

export async function configFile(text: string): Promise<SettingsSource> {
  const read = await readYaml({ path: 'etcd.conf.yml', text }, '1.1');
  const [document] = read.ok ? read.documents : [];
  return {
    kind: 'config-file',
    path: '/etc/etcd/etcd.conf.yml',
    ...(document === undefined ? {} : { document }),
    ...(read.ok ? {} : { unreadable: read }),
  };
}

export async function readFile(text: string, version = '3.5.21') {
  return readMemberSettings([await configFile(text)], etcdVersion(version));
}
