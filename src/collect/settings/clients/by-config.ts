import type { ClientDraft, TextFile } from '../../../model/draft.ts';
import type { DocumentNode, SettingsProblem } from '../../../model/settings.ts';
import { readToml } from '../toml.ts';
import { readYaml } from '../yaml.ts';
import { calico } from './calico.ts';
import { clientv3 } from './clientv3.ts';
import { coredns } from './coredns.ts';
import { apisix, k3s, kubeadm, traefik } from './gateways.ts';
import { patroni } from './patroni.ts';
import { rings } from './rings.ts';

/** Every client that is recognised by its own configuration file. */
const readers: readonly ((document: DocumentNode, file: string) => readonly ClientDraft[])[] = [
  calico,
  clientv3,
  patroni,
  traefik,
  apisix,
  k3s,
  kubeadm,
  rings,
];

/** The etcd clients that a configuration file of some other program sets up. */
export async function clientsInConfig(file: TextFile): Promise<{
  readonly clients: readonly ClientDraft[];
  readonly problems: readonly SettingsProblem[];
}> {
  if (isCorefile(file.text)) return { clients: coredns(file), problems: [] };
  if (/^[ \t]*\[[\w.]+\][ \t\r]*$/m.test(file.text)) {
    return { clients: read(await readToml(file), file), problems: [] };
  }

  const yaml = await readYaml(file);
  if (yaml.ok) return { clients: yaml.documents.flatMap((one) => read(one, file)), problems: [] };
  const { error, location } = yaml;
  const detail = `the file is no YAML: ${error}`;
  return { clients: [], problems: [{ kind: 'unparsable', name: file.path, detail, location }] };
}

function read(document: DocumentNode, { path }: TextFile): readonly ClientDraft[] {
  return readers.flatMap((reader) => reader(document, path));
}

function isCorefile(text: string): boolean {
  return /^[ \t]*etcd\b[^\n:=]*\{[ \t\r]*$/m.test(text);
}
