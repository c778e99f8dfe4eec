import { defined } from '../../model/defined.ts';
import { goReleaseOf } from '../../etcd/go-release-of.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import type { StatedClient } from '../../model/draft.ts';
import type { Client, FileMatch, Member } from '../../model/inventory.ts';
import type { Setting } from '../../model/settings.ts';
import type { InventoryClient } from '../../model/stated-inventory.ts';
import { processOf, withAccess } from '../process/rights.ts';
import { onHost } from '../relocate.ts';
import { supposedFiles, type Surroundings } from './build-member.ts';
import { matchFile } from './match-files.ts';

/** A client as its settings describe it, with the files that its paths mean. */
export function clientFromDraft(draft: StatedClient, around: Surroundings): Client {
  const {
    mounts,
    embedded,
    host,
    process: started,
    isOfEtcd: _isOfEtcd,
    etcdVersion: release,
    lifetime: _lifetime,
    ...client
  } = draft;
  const inside = new Set(embedded);
  const onItsHost = host !== undefined && { host };
  const rights = processOf({ ...started, mounts, ...onItsHost }, around.hosts);
  const viewpoint = { ...rights.view, from: draft.origin.file, ...onItsHost };
  const named = [draft.caFile, draft.certFile, draft.keyFile];
  const supposed = supposedFiles(named.flatMap((setting) => setting ?? []));
  const match = (path: string): FileMatch =>
    supposed.get(path) ??
    (inside.has(onHost(host, path))
      ? {
          deployed: path,
          file: onHost(host, path),
          because: 'it is in the settings themselves',
        }
      : withAccess(
          matchFile(path, around.given, { ...viewpoint, isKey: path === draft.keyFile?.value }),
          rights,
          around.files,
        ));
  return {
    ...client,
    ...(host !== undefined && { host }),
    target: { kind: 'client', name: draft.name, location: draft.origin },
    known: 'settings',
    goVersion: clientGoVersion(draft.kind, around, release),
    files: pathsOf(client).map(match),
  };
}

/** A client as the inventory describes it. */
export function clientFromInventory(
  { location, ...entry }: InventoryClient,
  members: readonly Member[],
  around: Surroundings,
): Client {
  const stated = <Value>(name: string, value: Value | undefined): Setting<Value> | undefined =>
    value === undefined ? undefined : { value, origin: { via: 'inventory', location, name } };
  const optional = {
    caFile: stated('caFile', entry.caFile),
    certFile: stated('certFile', entry.certFile),
    keyFile: stated('keyFile', entry.keyFile),
    serverName: stated('serverName', entry.serverName),
    insecureSkipVerify: stated('insecureSkipVerify', entry.insecureSkipVerify),
  };
  return {
    name: entry.name,
    kind: entry.kind,
    ...(entry.cluster !== undefined && { cluster: entry.cluster }),
    target: { kind: 'client', name: entry.name, location },
    known: entry.guessed === true ? 'supposed' : 'settings',
    origin: location,
    endpoints:
      stated('endpoints', entry.endpoints) ??
      everyMember(members.filter(({ cluster }) => cluster === entry.cluster)),
    ...defined(optional),
    verifier: entry.verifier,
    speaks: entry.speaks,
    goVersion: stated('goVersion', entry.goVersion) ?? clientGoVersion(entry.kind, around),
    problems: [],
    files: pathsOf(optional).map((path) =>
      matchFile(path, around.given, { from: location.file, isKey: path === entry.keyFile }),
    ),
  };
}

/** Every member's client URLs, for clients whose endpoints are unknown. */
export function everyMember(members: readonly Member[]): Setting<readonly string[]> {
  const urls = members.flatMap(({ settings }) => settings.advertiseClientUrls.value);
  return {
    value: [...new Set(urls)],
    origin: {
      via: 'assumed',
      because: 'no endpoints are given; assumed to connect to every member',
    },
  };
}

/** etcdctl comes with etcd; what other programs are built with is not known. */
export function clientGoVersion(
  kind: string,
  { versions }: Surroundings,
  ofImage?: Setting<string>,
): Setting<string> {
  if (versions.go !== undefined) return versions.go;
  const version = kind === 'etcdctl' ? (versions.etcd ?? ofImage)?.value : undefined;
  const { release, because } = goReleaseOf(etcdVersion(version ?? supposedVersion));
  const supposed = `the Go release of ${kind} is not known; ${release} is a current one`;
  const open = version === undefined ? versions.supposed?.unstated.goVersion : undefined;
  return {
    value: open ?? release,
    origin: { via: 'assumed', because: kind === 'etcdctl' ? because : supposed },
  };
}

type ClientPaths = Pick<Partial<Client>, 'caFile' | 'certFile' | 'keyFile'>;

function pathsOf(
  client: Readonly<Record<keyof ClientPaths, Setting<string> | undefined>> | ClientPaths,
) {
  const paths = [client.caFile, client.certFile, client.keyFile].flatMap((setting) =>
    // What may be set is no path.
    setting === undefined || setting.origin.via === 'assumed' ? [] : setting.value,
  );
  return [...new Set(paths)].filter((path) => path !== '');
}
