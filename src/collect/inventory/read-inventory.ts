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
import { readYamlFile } from './yaml-file.ts';

type MemberEntry = NonNullable<InventoryFile['members']>[number];
type ClientEntry = NonNullable<InventoryFile['clients']>[number];
type Locate = (...path: readonly PropertyKey[]) => Location;

/** Whether a file is an inventory by its name. */
export function namesInventory(path: string): boolean {
  return /(?:^|\/)etcd-tls\.ya?ml$/.test(path);
}

/** Reads etcd-tls.yaml. Relative paths in it are taken from its own directory. */
export async function readInventory(file: TextFile): Promise<Inventory> {
  const { inventorySchema } = await import('./schema.ts');
  const hint = 'begin it with "version: 1"; `etcd-tls-audit init` writes one';
  const { content, locate } = await readYamlFile(file, inventorySchema, hint);
  const { etcdVersion, goVersion, members = [], clients = [], maps = {}, dns = {} } = content;
  const near = (path: string): string => resolve(file.path, path);
  return {
    path: file.path,
    ...(etcdVersion !== undefined && {
      etcdVersion: { value: etcdVersion, location: locate('etcdVersion') },
    }),
    ...(goVersion !== undefined && {
      goVersion: { value: goVersion, location: locate('goVersion') },
    }),
    members: members.map((entry, index) =>
      readMember(entry, { near, locate: (...path) => locate('members', index, ...path) }),
    ),
    clients: clients.map((entry, index) => readClient(entry, locate('clients', index))),
    maps: Object.entries(maps).map(([prefix, directory]) => ({
      prefix,
      directory: near(directory),
    })),
    dns,
    config: content.config ?? {},
  };
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
