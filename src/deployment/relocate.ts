import type { ProcessNetwork } from '../model/draft.ts';
import type { CollectedFacts, Evidence } from '../model/evidence.ts';
import { hostOf, isLoopback } from '../model/host.ts';
import { type LiveFacts, liveFactsOf } from '../model/live-facts.ts';
import type { Inventory } from '../model/stated-inventory.ts';
import type { Location } from '../model/target.ts';

/** A path on a host, where there are several: `node1:/etc/etcd/ca.pem`; always with a slash, as paths have. */
export function onHost(host: string | undefined, path: string): string {
  if (host === undefined) return path;
  return `${host}:${path.includes('/') ? path : `./${path}`}`;
}

/** A path as its own host knows it. */
export function withoutHost(path: string): string {
  return path.replace(/^[^/:]+:(?=[^/:]*\/)/, '').replace(/^\.\//, '');
}

/** Evidence of one host, with the host's name before every path and at every fact. */
export function relocate(evidence: Evidence): Evidence {
  const { host, facts } = evidence;
  if (host === undefined) return evidence;

  const moved = (path: string): string => onHost(host, path);
  const { files = [], texts = [], directories = [], settings, inventory } = facts;
  const { notUnderstood = [], ignored = [] } = facts;
  const given = new Set([...files.map(({ path }) => path), ...texts]);
  const { host: _host, ...rest } = evidence;
  return {
    ...rest,
    ...statedOn(evidence, moved),
    facts: {
      ...facts,
      ...throughLoopback(liveFactsOf(facts), host),
      files: files.map((file) => ({ ...file, path: moved(file.path), host })),
      ...seenOf(facts, host),
      texts: texts.map(moved),
      directories: directories.map(moved),
      ...(facts.writeAheadLogs && { writeAheadLogs: facts.writeAheadLogs.map(moved) }),
      settings: moveSettings(settings, moved, host),
      notUnderstood: notUnderstood.map((each) => ({
        ...moveLocations(each, moved),
        path: moved(each.path),
      })),
      ignored: ignored.map((each) => ({ ...each, path: moved(each.path) })),
      ...(inventory !== undefined && { inventory: moveInventory(inventory, given, moved) }),
    },
  };
}

/** The files of clients that options describe are those of the host, too. */
function statedOn({ stated }: Evidence, moved: Move): Pick<Evidence, 'stated'> {
  if (stated?.clients === undefined) return {};
  const clients = stated.clients.map(({ trustedCaFile, certificateFile, keyFile, ...rest }) => ({
    ...rest,
    ...(trustedCaFile !== undefined && { trustedCaFile: moved(trustedCaFile) }),
    ...(certificateFile !== undefined && { certificateFile: moved(certificateFile) }),
    ...(keyFile !== undefined && { keyFile: moved(keyFile) }),
  }));
  return { stated: { ...stated, clients } };
}

function moveSettings(
  settings: CollectedFacts['settings'] | undefined,
  moved: Move,
  host: string,
): CollectedFacts['settings'] {
  const { members = [], clients = [] } = settings ?? {};
  return {
    members: members.map((draft) => ({
      ...moveLocations(draft, moved),
      ...networkOn(host, draft),
      files: draft.files.map(moved),
      host,
    })),
    clients: clients.map((draft) => ({
      ...moveLocations(draft, moved),
      ...networkOn(host, draft),
      embedded: draft.embedded.map(moved),
      host,
    })),
  };
}

/** Containers are one, and processes are on one machine, only within a host. */
function networkOn(
  host: string,
  { network }: { readonly network?: ProcessNetwork },
): { readonly network?: ProcessNetwork } {
  if (network === undefined) return {};
  const { of, machine } = network;
  return {
    network: {
      ...network,
      of: onHost(host, of),
      ...(machine !== undefined && { machine: onHost(host, machine) }),
    },
  };
}

/** A loopback URL is another endpoint on each host. */
function throughLoopback(seen: Partial<LiveFacts>, host: string): Partial<LiveFacts>;
function throughLoopback(
  seen: Readonly<Record<string, readonly { readonly url: string }[]>>,
  host: string,
): object {
  return Object.fromEntries(
    Object.entries(seen).map(([name, rows]) => [
      name,
      rows.map((row) => (isLoopback(hostOf(row.url) ?? '') ? { ...row, host } : row)),
    ]),
  );
}

function seenOf(
  { hosts, builds }: Evidence['facts'],
  host: string,
): Pick<Evidence['facts'], 'hosts' | 'builds'> {
  return {
    ...(hosts !== undefined && { hosts: hosts.map((each) => ({ ...each, host })) }),
    ...(builds !== undefined && { builds: builds.map((each) => ({ ...each, host })) }),
  };
}

type Move = (path: string) => string;

/** An inventory of this host means this host's files. */
function moveInventory(inventory: Inventory, given: ReadonlySet<string>, moved: Move): Inventory {
  const ifGiven = (path: string): string => (given.has(path) ? moved(path) : path);
  return {
    ...moveLocations(inventory, moved),
    path: moved(inventory.path),
    members: inventory.members.map((member) => ({
      ...moveLocations(member, moved),
      settings: member.settings.map(ifGiven),
      files: Object.fromEntries(
        Object.entries(member.files).map(([deployed, file]) => [deployed, ifGiven(file)]),
      ),
    })),
  };
}

/** The same data with every place in a file moved. */
function moveLocations<Value>(value: Value, moved: Move): Value;
function moveLocations(value: unknown, moved: Move): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => moveLocations(item, moved));
  if (typeof value !== 'object' || value === null) return value;
  if (isLocation(value)) return { ...value, file: moved(value.file) };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      moveLocations(item, moved),
    ]),
  );
}

function isLocation(value: object): value is Location {
  return (
    'file' in value &&
    typeof value.file === 'string' &&
    Object.keys(value).every((key) => key === 'file' || key === 'line' || key === 'column')
  );
}
