import { isIP } from 'node:net';
import { goReleaseOf } from '../../etcd/go-release-of.ts';
import { type MemberReading, readMemberSettings } from '../../etcd/read-member-settings.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import type { FileMatch, Guess, Member } from '../../model/inventory.ts';
import type {
  AssumedSetting,
  MemberSettings,
  Setting,
  SettingsSource,
} from '../../model/settings.ts';
import { type Credential, type CertificateSet } from './credentials.ts';
import { type GivenPaths, matchFile } from './match-files.ts';
import {
  addressesOf,
  enumerate,
  hostNamesOf,
  hostOfUrl,
  httpsUrl,
  isLoopbackHost,
} from './names.ts';
import type { GivenVersions, MemberPlan } from './plan.ts';
import { rewriteOrigins } from './rewrite-origins.ts';

/** What all members are built from. */
export interface Surroundings {
  readonly set: CertificateSet;
  readonly given: GivenPaths;
  readonly versions: GivenVersions;
  /** Names to addresses and addresses to names, as DNS would answer. */
  readonly dns: Readonly<Record<string, readonly string[]>>;
}

/** A plan whose settings were read once, so far as files say. */
export interface DraftedMember {
  readonly plan: MemberPlan;
  readonly etcdVersion: Setting<string>;
  readonly reading: MemberReading;
  readonly matches: readonly FileMatch[];
  /** Server certificate first, then peer certificate, where they were given. */
  readonly credentials: readonly Credential[];
}

/** Reads a plan's settings and finds the files they name. */
export function draftMember(plan: MemberPlan, around: Surroundings): DraftedMember {
  const supposed: Setting<string> = {
    value: supposedVersion,
    origin: {
      via: 'assumed',
      because: 'nothing says which version of etcd runs; --etcd-version does',
    },
  };
  const { etcd, observed } = around.versions;
  const version = etcd ?? observed?.get(plan.name)?.etcd ?? plan.etcdVersion ?? supposed;
  const reading = readMemberSettings(plan.sources, etcdVersion(version.value));
  const matches = pathsIn(reading.settings).map(
    (path) => plan.matches.find(({ deployed }) => deployed === path) ?? search(path, plan, around),
  );
  return {
    plan,
    etcdVersion: version,
    reading,
    matches,
    credentials: held(reading, matches, around),
  };
}

function search(path: string, { mounts, origin }: MemberPlan, { given }: Surroundings): FileMatch {
  return matchFile(path, given, { mounts, from: origin.file });
}

function pathsIn({ client, peer }: MemberSettings): readonly string[] {
  const named = [client, peer].flatMap((tls) => [
    tls.certFile,
    tls.keyFile,
    tls.trustedCaFile,
    tls.crlFile,
    tls.clientCertFile,
    tls.clientKeyFile,
  ]);
  const paths = named.flatMap((setting) => setting?.value ?? []).filter((path) => path !== '');
  return [...new Set(paths)];
}

function held(
  { settings }: MemberReading,
  matches: readonly FileMatch[],
  { set }: Surroundings,
): readonly Credential[] {
  const paths = [settings.client.certFile, settings.peer.certFile].flatMap(
    (setting) => matches.find(({ deployed }) => deployed === setting?.value)?.file ?? [],
  );
  return [...new Set(paths)].flatMap((path) => set.byPath.get(path) ?? []);
}

/** A member and what was concluded to get it. */
export interface BuiltMember {
  readonly member: Member;
  readonly guesses: readonly Guess[];
}

/** Completes a member; `isOwn` tells hosts that no other member's certificate has. */
export function buildMember(
  draft: DraftedMember,
  around: Surroundings,
  isOwn: (host: string) => boolean,
): BuiltMember {
  const { plan, etcdVersion: version, matches } = draft;
  const hosts = hostsOfMember(draft, around, isOwn);
  const assumed = supposeUrls(draft, hosts);
  const sources: readonly SettingsSource[] =
    assumed.length === 0 ? plan.sources : [...plan.sources, { kind: 'assumed', settings: assumed }];
  const reading =
    assumed.length === 0 ? draft.reading : readMemberSettings(sources, etcdVersion(version.value));
  const settings = rewriteOrigins(reading.settings, plan);
  const problems = plan.supposed === undefined ? reading.problems : startProblems(reading);

  const member: Member = {
    name: plan.name,
    target: { kind: 'member', name: plan.name, location: plan.origin, member: plan.name },
    addresses: hosts.addresses,
    hostnames: hosts.hostnames,
    ...dnsAnswers(hosts, draft, around),
    settings,
    problems,
    files: matches,
    etcdVersion: version,
    goVersion: goVersion(draft, around),
  };
  return { member, guesses: guessesOf(member, assumed, hosts) };
}

/** What is wrong with another member's file is told there; what stops etcd stops this member too. */
function startProblems({ problems }: MemberReading) {
  return problems.filter(({ kind }) => kind === 'refused-at-start');
}

interface Hosts {
  readonly addresses: readonly string[];
  readonly hostnames: readonly string[];
  /** The host to put into URLs that nothing gives, and why that one. */
  readonly main?: { readonly host: string; readonly because: string; readonly sure: boolean };
}

function hostsOfMember(
  { plan, reading, credentials }: DraftedMember,
  { dns }: Surroundings,
  isOwn: IsOwn,
): Hosts {
  const urls = hostsInUrls(reading.settings);
  const certified = credentials.flatMap(({ leaf }) => [...addressesOf(leaf), ...hostNamesOf(leaf)]);
  const own = certified.filter(isOwn);
  const told = [...plan.addresses, ...plan.hostnames, ...urls.peer, ...urls.client];
  const resolved = told.flatMap((host) => dns[host] ?? []);

  // The surest source of its connections first: more would hide a certificate that lacks the right one.
  const sources = [plan.addresses, urls.peer, urls.client, resolved, own].map((hosts) =>
    unique(hosts).filter((host) => isIP(host) > 0 && !isLoopbackHost(host)),
  );
  const looped = plan.addresses.length > 0 ? [] : loopbackIn(urls.peer);
  const addresses = [looped, ...sources].find((hosts) => hosts.length > 0) ?? [];
  const hostnames = unique([
    ...told,
    ...certified.filter((host) => isIP(host) === 0 || isOwn(host)),
  ]).filter((host) => !addresses.includes(host) && !isLoopbackHost(host));
  const reached = told.filter((host) => !isLoopbackHost(host));
  const main = mainHost({ name: plan.name, told: reached, own, certified });
  return { addresses, hostnames, ...(main !== undefined && { main }) };
}

function hostsInUrls(settings: MemberSettings) {
  return {
    peer: [settings.initialAdvertisePeerUrls, settings.listenPeerUrls].flatMap(hostsIn),
    client: [settings.advertiseClientUrls, settings.listenClientUrls].flatMap(hostsIn),
  };
}

function hostsIn({ value, origin }: Setting<readonly string[]>): readonly string[] {
  return origin.via === 'default' ? [] : value.flatMap((url) => hostOfUrl(url) ?? []);
}

/** Where peers are reached through loopback alone; Linux then takes 127.0.0.1 for the source of every connection. */
function loopbackIn(peers: readonly string[]): readonly string[] {
  if (peers.length === 0 || !peers.every((host) => /^(?:127\..*|localhost|::1)$/.test(host)))
    return [];
  return [peers.includes('::1') ? '::1' : '127.0.0.1'];
}

type IsOwn = (host: string) => boolean;

function mainHost({
  name,
  told,
  own,
  certified,
}: Readonly<Record<'told' | 'own' | 'certified', readonly string[]>> & { readonly name: string }) {
  const [given] = told;
  if (given !== undefined)
    return { host: given, because: 'it is what its settings say', sure: true };
  const [first] = own;
  if (first !== undefined) {
    return { host: first, because: 'it stands first in its certificate', sure: own.length === 1 };
  }
  const named = certified.find((host) => host === name || host.startsWith(`${name}.`));
  if (named !== undefined) {
    return {
      host: named,
      because: 'of the names in its certificate it is like its own',
      sure: false,
    };
  }
  const [any] = certified;
  return any === undefined
    ? undefined
    : { host: any, because: 'its certificate has it, as have those of other members', sure: false };
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

const openUrls = [
  ['listenClientUrls', 'listen-client-urls', 'client', 2379],
  ['advertiseClientUrls', 'advertise-client-urls', 'client', 2379],
  ['listenPeerUrls', 'listen-peer-urls', 'peer', 2380],
  ['initialAdvertisePeerUrls', 'initial-advertise-peer-urls', 'peer', 2380],
] as const;

/** URLs for what the settings leave open. etcd listens on addresses alone, never on names. */
function supposeUrls(
  { plan, reading }: DraftedMember,
  { addresses, main }: Hosts,
): readonly AssumedSetting[] {
  const { settings } = reading;
  if (!plan.partial || main === undefined) return [];
  return openUrls
    .filter(([setting]) => settings[setting].origin.via === 'default')
    .map(([setting, name, listener, port]) => {
      const isListening = setting.startsWith('listen');
      const host = isListening && isIP(main.host) === 0 ? (addresses[0] ?? '0.0.0.0') : main.host;
      const encrypts = settings[listener].certFile ?? settings[listener].autoTls;
      const https = httpsUrl(host, port);
      return {
        name,
        value: encrypts === undefined ? https.replace('https', 'http') : https,
        because: `no file gives the URLs of ${plan.name}; ${host} is taken since ${main.because}`,
      };
    });
}

function dnsAnswers(
  { addresses }: Hosts,
  { plan, credentials }: DraftedMember,
  { dns }: Surroundings,
) {
  const reverse = Object.fromEntries(
    addresses.flatMap((address) => {
      const names = plan.reverseNames?.[address] ?? dns[address];
      return names === undefined ? [] : [[address, names] as const];
    }),
  );
  const names = unique(credentials.flatMap(({ leaf }) => leaf.subjectAltName?.dnsNames ?? []));
  const forward = Object.fromEntries(
    names.flatMap((name) => {
      const answer = dns[name];
      return answer === undefined ? [] : [[name, answer] as const];
    }),
  );
  return {
    ...(Object.keys(reverse).length > 0 && { reverseNames: reverse }),
    ...(Object.keys(forward).length > 0 && { forwardAddresses: forward }),
  };
}

function goVersion({ plan, etcdVersion: version }: DraftedMember, { versions }: Surroundings) {
  const given = versions.go ?? versions.observed?.get(plan.name)?.go ?? plan.goVersion;
  if (given !== undefined) return given;
  const { release, because } = goReleaseOf(etcdVersion(version.value));
  return { value: release, origin: { via: 'assumed' as const, because } };
}

function guessesOf(
  { name }: Member,
  assumed: readonly AssumedSetting[],
  { main }: Hosts,
): readonly Guess[] {
  if (assumed.length === 0 || main === undefined) return [];
  const values = unique(assumed.map(({ value }) => value));
  return [
    {
      about: name,
      conclusion: `is reached at ${enumerate(values)}`,
      because: `no file gives its URLs; ${main.because}`,
      ambiguous: !main.sure,
    },
  ];
}
