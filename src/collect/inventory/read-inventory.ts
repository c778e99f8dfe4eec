import { dirname, isAbsolute, join } from 'node:path';
import type { TextFile } from '../../model/draft.ts';
import type { Location } from '../../model/target.ts';
import { checkFlag } from './check-flag.ts';
import type {
  Inventory,
  InventoryClient,
  InventoryFlag,
  InventoryMember,
  InventoryValue,
} from '../../model/stated-inventory.ts';
import type { InventoryFile } from './schema.ts';
import { malformed, readYamlFile } from './yaml-file.ts';
import { table } from '../../model/table.ts';

type ClusterEntry = NonNullable<Extract<InventoryFile, { version: 2 }>['clusters']>[number];
type MemberEntry = NonNullable<ClusterEntry['members']>[number];
type ClientEntry = NonNullable<ClusterEntry['clients']>[number];
type Locate = (...path: readonly PropertyKey[]) => Location;

/** Whether a file is an inventory by its name. */
export function namesInventory(path: string): boolean {
  return /(?<![^/])etcd-tls\.ya?ml$/.test(path);
}

/** Reads etcd-tls.yaml. Relative paths in it are taken from its own directory. */
export async function readInventory(file: TextFile): Promise<Inventory> {
  const { closestVersion, inventorySchema } = await import('./schema.ts');
  const hint = 'begin it with "version: 2"; `etcd-tls-audit init` writes one';
  const hintWithin =
    'correct it there; `etcd-tls-audit init` writes an inventory to compare with, and the published JSON Schema lists what each key may have';
  const advice = { hint, hintWithin, keys: keyHints, closest: closestVersion };
  const { content, locate } = await readYamlFile(file, inventorySchema, advice);
  const { etcdVersion, goVersion, maps = {}, dns = {} } = content;
  const clusters = clustersOf(content, locate);
  const near = (path: string): string => resolve(file.path, path);
  return {
    path: file.path,
    ...(etcdVersion !== undefined && {
      etcdVersion: { value: etcdVersion, location: locate('etcdVersion') },
    }),
    ...(goVersion !== undefined && {
      goVersion: { value: goVersion, location: locate('goVersion') },
    }),
    members: clusters.flatMap(({ members = [], locate: within, cluster }) =>
      members.map((entry, index) => ({
        ...readMember(entry, { near, locate: (...path) => within('members', index, ...path) }),
        ...cluster,
      })),
    ),
    clients: clusters.flatMap(({ clients = [], locate: within, cluster }) =>
      clients.map((entry, index) => ({
        ...readClient(entry, within('clients', index)),
        ...cluster,
      })),
    ),
    maps: Object.entries(maps).map(([prefix, directory]) => ({
      prefix,
      directory: near(directory),
    })),
    dns,
    ...(content.version === 2 && content.ignore !== undefined && { ignore: content.ignore }),
    config: content.config ?? {},
  };
}

/** What to write where a key of one version is used in the other. */
const keyHints = table<string>({
  clusters: 'write `version: 2`, and the members and clients of each cluster under `clusters`',
  ignore: 'write `version: 2`, and `members` and `clients` under `clusters`',
  members: 'version 2 has `members` under `clusters`: write `clusters: [{ members: [...] }]`',
  clients: 'version 2 has `clients` under `clusters`: write `clusters: [{ clients: [...] }]`',
});

interface LocatedCluster extends Pick<ClusterEntry, 'members' | 'clients'> {
  readonly locate: Locate;
  /** Set where there are several. */
  readonly cluster: { readonly cluster?: string };
}

/** Version 1 knows one cluster, whose members and clients are at the top level. */
function clustersOf(content: InventoryFile, locate: Locate): readonly LocatedCluster[] {
  if (content.version === 1) return [{ ...content, locate, cluster: {} }];
  const { clusters = [] } = content;
  const names = new Set<string>();
  return clusters.map((entry, index) => {
    const within: Locate = (...path) => locate('clusters', index, ...path);
    const { name } = entry;
    if (clusters.length < 2) return { ...entry, locate: within, cluster: {} };
    if (name === undefined || names.has(name)) {
      const what =
        name === undefined
          ? `clusters.${index}.name is missing`
          : `two clusters have the name "${name}"`;
      throw malformed(within('name'), what, 'give each cluster its own name');
    }
    names.add(name);
    return { ...entry, locate: within, cluster: { cluster: name } };
  });
}

function resolve(inventory: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(inventory), path);
}

interface Place {
  readonly near: (path: string) => string;
  readonly locate: Locate;
}

function readMember(entry: MemberEntry, { near, locate }: Place): InventoryMember {
  const { etcdVersion, goVersion, reverseNames, settings = [] } = entry;
  const value = (text: string, key: string): InventoryValue => ({
    value: text,
    location: locate(key),
  });
  return {
    name: entry.name,
    location: locate(),
    addresses: entry.addresses ?? [],
    hostnames: entry.hostnames ?? [],
    ...(entry.guessed === true && { guessed: true }),
    ...(reverseNames !== undefined && { reverseNames }),
    ...(etcdVersion !== undefined && { etcdVersion: value(etcdVersion, 'etcdVersion') }),
    ...(goVersion !== undefined && { goVersion: value(goVersion, 'goVersion') }),
    settings: [settings].flat().map(near),
    flags: readFlags(entry, locate),
    files: Object.fromEntries(
      Object.entries(entry.files ?? {}).map(([deployed, given]) => [deployed, near(given)]),
    ),
  };
}

/** The URLs are flags too; those written as flags win. */
function readFlags({ flags = {}, clientUrls, peerUrls }: MemberEntry, locate: Locate) {
  const written = Object.entries(flags).map(([name, value]): InventoryFlag => ({
    name,
    value: Array.isArray(value) ? value.join(',') : String(value),
    location: locate('flags', name),
  }));
  const advertised = [
    ['advertise-client-urls', clientUrls, 'clientUrls'],
    ['initial-advertise-peer-urls', peerUrls, 'peerUrls'],
  ] as const;
  const urls = advertised.flatMap(([name, value, key]): readonly InventoryFlag[] =>
    value === undefined || name in flags
      ? []
      : [{ name, value: value.join(','), location: locate(key) }],
  );
  return [...written, ...urls].map(checkFlag);
}

function readClient(entry: ClientEntry, location: Location): InventoryClient {
  const { kind = 'client', verifier = 'go', speaks = 'grpc', ...rest } = entry;
  return { ...rest, kind, verifier, speaks, location };
}
