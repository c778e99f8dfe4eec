import type { ClientDraft, TextFile, UnreadText } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { readToml } from '../toml.ts';
import { malformedYaml, readYaml } from '../yaml.ts';
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
  readonly notUnderstood: readonly UnreadText[];
}> {
  if (isCorefile(file.text)) return { clients: coredns(file), notUnderstood: [] };
  if (/^[ \t]*\[[\w.]+\][ \t\r]*$/m.test(file.text)) {
    return { clients: read(await readToml(file), file), notUnderstood: [] };
  }

  const yaml = await readYaml(file);
  if (!yaml.ok) return { clients: [], notUnderstood: [malformedYaml(file.path, yaml)] };
  return { clients: yaml.documents.flatMap((one) => read(one, file)), notUnderstood: [] };
}

function read(document: DocumentNode, { path }: TextFile): readonly ClientDraft[] {
  return readers.flatMap((reader) => reader(document, path));
}

function isCorefile(text: string): boolean {
  return /^[ \t]*etcd\b[^\n:=]*\{[ \t\r]*$/m.test(text);
}
