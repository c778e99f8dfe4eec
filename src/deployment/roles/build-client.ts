import { defined } from '../../model/defined.ts';
import { goReleaseOf } from '../../etcd/go-release-of.ts';
import { etcdVersion, isAtLeast, supposedVersion } from '../../etcd/version.ts';
import type { StatedClient } from '../../model/draft.ts';
import type { Client, FileMatch, Member } from '../../model/inventory.ts';
import type { Setting } from '../../model/settings.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { InventoryClient } from '../../model/stated-inventory.ts';
import { processOf, withAccess } from '../process/rights.ts';
import { onHost } from '../relocate.ts';
import { supposedFiles, type Surroundings } from './build-member.ts';
import { matchFile } from './match-files.ts';

/** A client as its settings describe it, with the files that its paths mean. */
export function clientFromDraft(draft: StatedClient, around: Surroundings): Client {
  const problems = problemsIn(draft, around);
  const {
    mounts,
    embedded,
    host,
    process: started,
    isOfEtcd: _isOfEtcd,
    ...client
  } = withoutIgnored(draft, problems);
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
    goVersion: clientGoVersion(draft.kind, around),
    problems,
    files: pathsOf(client).map(match),
  };
}

/**
 * etcdctl 3.3 takes the flag where a variable sets the same, and API version 2 is its default; since 3.6 it has no
 * version 2 (etcdctl/main.go).
 */
function problemsIn({ problems }: StatedClient, { versions }: Surroundings): Problems {
  const stated = versions.etcd?.value;
  const any = stated ?? versions.supposed?.unstated.etcdVersion ?? supposedVersion;
  const isSince36 = isAtLeast(etcdVersion(any), '3.6.0');
  const own = problems.filter(
    ({ values: { lifetime } = {} }) =>
      lifetime === undefined || (lifetime === 'since 3.6.0') === isSince36,
  );
  const isBefore34 = stated !== undefined && !isAtLeast(etcdVersion(stated), '3.4.0');
  const later = /^(?:flag-of-etcdctl|flag-of-api-2|(?:unknown-command|spaced-switch)-of-etcdctl)$/;
  return isBefore34 ? own.filter(({ why }) => !later.test(why)) : own;
}

/** Without the files that only variables name which the client ignores. */
function withoutIgnored(draft: StatedClient, problems: Problems): StatedClient {
  const ignored = problems
    .filter(({ why }) => why === 'variable-of-other-api')
    .map(({ name }) => name);
  const { caFile, certFile, keyFile, ...rest } = draft;
  const files = Object.entries({ caFile, certFile, keyFile }).filter(
    ([, setting]) => setting !== undefined && !ignored.includes(setting.origin.name ?? ''),
  );
  return { ...rest, ...Object.fromEntries(files) };
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
export function clientGoVersion(kind: string, { versions }: Surroundings): Setting<string> {
  if (versions.go !== undefined) return versions.go;
  const version = kind === 'etcdctl' ? versions.etcd?.value : undefined;
  const { release, because } = goReleaseOf(etcdVersion(version ?? supposedVersion));
  const supposed = `the Go release of ${kind} is not known; ${release} is a current one`;
  return {
    value: versions.supposed?.unstated.goVersion ?? release,
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
