import type { Client, Member } from '../model/inventory.ts';
import type { CollectedFacts, FactName } from '../model/evidence.ts';
import type { Endpoint } from '../model/live.ts';
import type { Setting } from '../model/settings.ts';
import { type LiveCredential, type LiveProgress, observe } from './live.ts';
export type { LiveProgress } from './live.ts';
import {
  endpointsOf,
  givenEndpoint,
  memberCredentials,
  pairOf,
} from '../deployment/roles/live-endpoints.ts';

/** How to look at the running cluster. */
export interface LiveOptions {
  /** URLs to look at; every URL of the members where none are given. */
  readonly endpoints?: readonly string[];
  readonly trustedCaFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly negativeProbes: boolean;
  readonly discover: boolean;
  readonly offers?: boolean;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly signal?: AbortSignal;
}

/** What running members say of their releases, by member name. */
export type ObservedVersions = ReadonlyMap<
  string,
  { readonly etcd?: Setting<string>; readonly go?: Setting<string> }
>;

/** What was seen, and what it says about the members' releases. */
export interface LiveReading {
  readonly facts: Partial<CollectedFacts>;
  readonly gaps: Readonly<Partial<Record<FactName, string>>>;
  readonly versions: ObservedVersions;
}

/** Whom the offline half found. */
export interface Known {
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
}

/** Dials the endpoints given, or else those of the members, with the credentials that were found. */
export async function observeLive(options: LiveOptions, known: Known): Promise<LiveReading> {
  const { endpoints: given = [], timeoutMs, concurrency, negativeProbes, discover } = options;
  const endpoints = given.length > 0 ? givenAndPeers(given, known) : endpointsOf(known.members);
  const client = clientCredential(options, known.clients);
  const trustedCaFile = options.trustedCaFile ?? trustedByClient(known.clients);
  const { gaps, ...facts } = await observe({
    endpoints,
    credentials: {
      members: memberCredentials(known.members),
      ...(client !== undefined && { client }),
    },
    ...(trustedCaFile !== undefined && { trustedCaFile }),
    timeoutMs,
    concurrency,
    negativeProbes,
    discover,
    ...(options.offers !== undefined && { offers: options.offers }),
    ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  return { facts, gaps, versions: versionsIn(facts) };
}

/** The endpoints given, and the peer ports that their members have on the very same hosts. */
function givenAndPeers(given: readonly string[], { members }: Known): readonly Endpoint[] {
  const asked = given.map((text) => givenEndpoint(text, members));
  const hosts = new Set(asked.map(({ host }) => host));
  const urls = new Set(asked.map(({ host, port }) => `${host} ${port}`));
  const peers = endpointsOf(members).filter(
    ({ serves, host, port }) =>
      serves === 'peer' && hosts.has(host) && !urls.has(`${host} ${port}`),
  );
  return [...asked, ...peers];
}

/** The credential given, or that of the first client whose files are all there; etcdctl's by preference. */
function clientCredential(
  { certificateFile, keyFile }: LiveOptions,
  clients: readonly Client[],
): LiveCredential | undefined {
  if (certificateFile !== undefined && keyFile !== undefined) {
    return { owner: 'client', certificateFile, keyFile };
  }
  return etcdctlFirst(clients).flatMap(
    ({ name, files, certFile, keyFile: key }) => pairOf(name, files, [certFile, key]) ?? [],
  )[0];
}

function trustedByClient(clients: readonly Client[]): string | undefined {
  return etcdctlFirst(clients).flatMap(
    ({ caFile, files }) => files.find(({ deployed }) => deployed === caFile?.value)?.file ?? [],
  )[0];
}

function etcdctlFirst(clients: readonly Client[]): readonly Client[] {
  return clients.toSorted((a, b) => Number(b.kind === 'etcdctl') - Number(a.kind === 'etcdctl'));
}

function versionsIn({
  statuses = [],
  processes = [],
}: Pick<Partial<CollectedFacts>, 'statuses' | 'processes'>): ObservedVersions {
  const versions = new Map<string, { etcd?: Setting<string>; go?: Setting<string> }>();
  const tell = (
    member: string | undefined,
    what: 'etcd' | 'go',
    value: string | undefined,
  ): void => {
    const clean = value?.replace(/^(?:go|v)/, '');
    if (member === undefined || clean === undefined || !/^\d+\.\d+/.test(clean)) return;
    const because = `the running member says so`;
    const known = versions.get(member) ?? {};
    known[what] ??= { value: clean, origin: { via: 'assumed', because } };
    versions.set(member, known);
  };
  for (const { endpoint, version, goVersion } of statuses) {
    tell(endpoint.member, 'etcd', version);
    tell(endpoint.member, 'go', goVersion);
  }
  for (const { endpoint, serverVersion, goVersion } of processes) {
    tell(endpoint.member, 'etcd', serverVersion);
    tell(endpoint.member, 'go', goVersion);
  }
  return versions;
}
