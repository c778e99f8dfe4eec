import { wordSet } from '../../model/table.ts';
import { defined } from '../../model/defined.ts';
import { goReleaseOf } from '../../etcd/go-release-of.ts';
import {
  type MemberReading,
  readMemberSettings,
  readStatedValues,
} from '../../etcd/read-member-settings.ts';
import { type Release, releaseNotGiven } from '../../etcd/release-range.ts';
import { servesVersionTwo } from '../../etcd/version-two.ts';
import { type EtcdVersion, etcdVersion, standingOf, supposedVersion } from '../../etcd/version.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { FileFact } from '../../model/files.ts';
import type { BuildFact } from '../../model/host-facts.ts';
import type { HostFact } from '../../model/host-facts.ts';
import type { FileMatch, Guess, Member } from '../../model/inventory.ts';
import type {
  AssumedSetting,
  MemberSettings,
  Setting,
  SettingsSource,
} from '../../model/settings.ts';
import { isSeen, type ProcessRights, processOf, withAccess } from '../process/rights.ts';
import { type Credential, type CertificateSet } from './credentials.ts';
import { mountOf } from '../process/place.ts';
import { fromDirectory } from '../process/start.ts';
import { baseName, type GivenPaths, matchFile, normalized } from './match-files.ts';
import { dnsAnswers, type Hosts, hostsOfMember } from './member-hosts.ts';
import type { GivenVersions, MemberPlan } from './plan.ts';
import { byStart, hasStarted } from './first-start.ts';
import { rewriteOrigins } from './rewrite-origins.ts';
import { enumerate } from '../../model/words.ts';
import { knownGo, standingOfGo } from '../../pki/go-release.ts';
import { isIpAddress, joinHostPort } from '../../model/host.ts';
import { givenFile, matchOf } from '../deployed-path.ts';

/** What all members are built from. */
export interface Surroundings {
  readonly set: CertificateSet;
  readonly given: GivenPaths;
  readonly versions: GivenVersions;
  /** The files given, by their paths. */
  readonly files: ReadonlyMap<string, FileFact>;
  /** What else was seen of the hosts. */
  readonly hosts: readonly HostFact[];
  /** How the etcd programs that were given were built. */
  readonly builds: readonly BuildFact[];
  /** Names to addresses and addresses to names, as DNS would answer. */
  readonly dns: ReadonlyMap<string, readonly string[]>;
}

/** A plan whose settings were read once, so far as files say. */
export interface DraftedMember {
  readonly plan: MemberPlan;
  readonly etcdVersion: Setting<string>;
  readonly reading: MemberReading;
  readonly matches: readonly FileMatch[];
  /** What of its process nothing shows. */
  readonly unseen?: Member['unseen'];
  /** Server certificate first, then peer certificate, where they were given. */
  readonly credentials: readonly Credential[];
}

/** Reads a plan's settings and finds the files they name. */
export function draftMember(plan: MemberPlan, around: Surroundings): DraftedMember {
  const version = versionOf(plan, around);
  const reading = readMemberSettings(plan.sources, releaseOf(version, plan, around));
  const keys = new Set(keysIn(reading.settings));
  const { host } = plan;
  const process = processOf(plan, around.hosts);
  const viewpoint = {
    ...process.view,
    from: plan.origin.file,
    ...(host !== undefined && { host }),
  };
  const supposed = supposedFiles(filesNamed(reading.settings));
  const matches = pathsIn(reading.settings).map((path) => {
    const match =
      supposed.get(path) ??
      matchOf(path, plan.matches) ??
      matchFile(path, around.given, { ...viewpoint, isKey: keys.has(path) });
    return withAccess(match, process, around.files);
  });
  const isSeenWhole = matches.every((match) => isSeen(match, process, around.files));
  return {
    ...unseenOf(process, isSeenWhole),
    plan,
    etcdVersion: version,
    reading,
    matches,
    credentials: credentialsOf(reading, matches, around),
  };
}

function unseenOf({ account }: ProcessRights, isSeenWhole: boolean): Pick<DraftedMember, 'unseen'> {
  if (account.kind === 'unstated') return { unseen: 'account' };
  return isSeenWhole ? {} : { unseen: 'owners' };
}

/** The program of the member's host, else the one that was given for all. */
function buildOf({ host }: MemberPlan, { builds }: Surroundings): BuildFact | undefined {
  return (
    builds.find((build) => build.host === host) ?? builds.find((build) => build.host === undefined)
  );
}

function fromBuild(
  value: string | undefined,
  build: BuildFact | undefined,
): Setting<string> | undefined {
  if (value === undefined || build === undefined) return undefined;
  return { value, origin: { via: 'flag', name: '--etcd-binary', location: { file: build.file } } };
}

function versionOf(plan: MemberPlan, around: Surroundings): Setting<string> {
  const stated = statedVersion(plan, around);
  const supposed = supposedRelease(stated, around);
  if (stated === undefined)
    return {
      value: supposed?.etcdVersion ?? supposedVersion,
      origin: { via: 'assumed', because: releaseNotGiven },
    };
  if (supposed === undefined) return stated;
  const because = `the rules of etcd ${stated.value} are not known`;
  return { value: supposed.etcdVersion, origin: { via: 'assumed', because } };
}

function statedVersion(plan: MemberPlan, around: Surroundings): Setting<string> | undefined {
  const { etcd, observed } = around.versions;
  const build = buildOf(plan, around);
  return (
    etcd ??
    fromBuild(build?.etcdVersion, build) ??
    observed?.get(plan.name)?.etcd ??
    plan.etcdVersion
  );
}

/** What a release may be that nothing states, or that is newer than every known branch. */
function supposedRelease(
  stated: Setting<string> | undefined,
  { versions: { supposed } }: Surroundings,
): Release | undefined {
  if (stated === undefined) return supposed?.unstated;
  return standingOf(etcdVersion(stated.value)) === 'newer-branch' ? supposed?.newest : undefined;
}

function keysIn({ client, peer }: MemberSettings): readonly string[] {
  return [client, peer].flatMap(({ keyFile, clientKeyFile }) =>
    [keyFile, clientKeyFile].flatMap((setting) => setting?.value ?? []),
  );
}

function filesNamed({ client, peer }: MemberSettings): readonly Setting<string>[] {
  return [client, peer].flatMap((tls) =>
    [
      tls.certFile,
      tls.keyFile,
      tls.trustedCaFile,
      tls.caFile,
      tls.crlFile,
      tls.clientCertFile,
      tls.clientKeyFile,
    ].flatMap((setting) => setting ?? []),
  );
}

/** What may set the path of a file, in place of the path: no file is there, and none is missing. */
export function supposedFiles(
  settings: readonly Setting<string>[],
): ReadonlyMap<string, FileMatch> {
  return new Map(
    settings.flatMap(({ value, origin: { isPlace, because = '' } }) =>
      isPlace === true ? [[value, { deployed: value, because }]] : [],
    ),
  );
}

function pathsIn(settings: MemberSettings): readonly string[] {
  const named = filesNamed(settings);
  const roots = settings.processEnvironment['SSL_CERT_FILE'];
  const paths = [...named, roots]
    .flatMap((setting) => setting?.value ?? [])
    .filter((path) => path !== '');
  return [...new Set(paths)];
}

function credentialsOf(
  { settings }: MemberReading,
  matches: readonly FileMatch[],
  { set }: Surroundings,
): readonly Credential[] {
  const paths = [settings.client.certFile, settings.peer.certFile].flatMap(
    (setting) => givenFile(setting?.value, matches) ?? [],
  );
  return [...new Set(paths)].flatMap((path) => set.byPath.get(path) ?? []);
}

/** A member and what was concluded to get it. */
export interface BuiltMember {
  readonly member: Member;
  readonly guesses: readonly Guess[];
}

/** Completes a member; `isOwn` recognizes hosts that no other member's certificate has. */
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
    assumed.length === 0
      ? draft.reading
      : readMemberSettings(sources, releaseOf(version, plan, around));
  const settings = rewriteOrigins(reading.settings, plan);
  const ofEtcd = plan.likeMember === undefined ? reading.problems : startProblems(reading);
  const all = [...(plan.problems ?? []), ...ofEtcd];
  const dataPlace = placeOf(settings.dataDir, plan);
  const started = startedBefore({ plan, dataPlace }, around);
  const problems = byRelease(byStart(all, started), version).filter(
    ({ why }) =>
      !plan.partial ||
      !/^(?:peer-url-(?:not-in-default-cluster|of-default-route)|joins-without-list|default-name-not-in-cluster)$/.test(
        why,
      ),
  );

  const go = goVersion(version, plan, around);
  const member: Member = {
    name: plan.name,
    ...(plan.host !== undefined && { host: plan.host }),
    ...(plan.cluster !== undefined && { cluster: plan.cluster }),
    target: { kind: 'member', name: plan.name, location: plan.origin, member: plan.name },
    ...howKnown(plan),
    ...(plan.mayBeMapped === true && { mayBeMapped: true as const }),
    ...defined({
      network: plan.network,
      bareProbes: plan.bareProbes,
      unseenPrograms: plan.unseenPrograms,
      untried: plan.untried,
      optional: plan.optional,
      requestedNames: plan.requestedNames,
    }),
    addresses: hosts.addresses,
    hostnames: hosts.hostnames,
    ...dnsAnswers(hosts, draft, around),
    ...defined({ dataPlace, started }),
    settings,
    problems,
    files: matches,
    ...(draft.unseen !== undefined && { unseen: draft.unseen }),
    etcdVersion: version,
    ...ofRelease(settings, version, go),
    goVersion: go,
    ...builtAs(buildOf(plan, around)),
  };
  return { member, guesses: guessesOf(member, assumed, hosts) };
}

function ofRelease(
  settings: MemberSettings,
  version: Setting<string>,
  go: Setting<string>,
): Pick<Member, 'isTooOld' | 'servesVersionTwo'> {
  const isServing = servesVersionTwo(settings, etcdVersion(version.value));
  return {
    ...(isServing && { servesVersionTwo: true }),
    ...(isOlder(version, go) && { isTooOld: true }),
  };
}

/** Whether the rules of a release are not known; official builds of etcd until 3.3.13 are of such a Go too. */
function isOlder(etcd: Setting<string>, go: Setting<string>): boolean {
  return standingOf(etcdVersion(etcd.value)) === 'older' || standingOfGo(go.value) === 'older';
}

/** A flag that no known release has may be one of a later release. */
function byRelease(problems: Problems, { value }: Setting<string>): Problems {
  const standing = standingOf(etcdVersion(value));
  if (standing === undefined || standing === 'older') return problems;
  return problems.map((each) =>
    each.why === 'unknown-flag' ? { ...each, kind: 'refused-by-known-releases' } : each,
  );
}

interface DataPlace {
  readonly plan: MemberPlan;
  readonly dataPlace: string | undefined;
}

/** A member that answers has, and one that was seen running. */
function startedBefore(
  { plan, dataPlace: path }: DataPlace,
  { given, versions }: Surroundings,
): boolean | undefined {
  if (versions.observed?.has(plan.name) === true || plan.runs === true) return true;
  const stated = readStatedValues(plan.sources, etcdVersion(supposedVersion));
  const wal = stated.get('wal-dir');
  const log = wal === undefined || wal.value === '' ? {} : { log: { path: placeOf(wal, plan) } };
  return hasStarted({ from: plan.origin.file, path, ...log }, given);
}

/** A container has a directory of its own where nothing is mounted. */
function placeOf(
  directory: Setting<unknown> | undefined,
  { mounts, container, directory: start }: MemberPlan,
): string | undefined {
  if (typeof directory?.value !== 'string' || directory.value === '') return undefined;
  const path = normalized(fromDirectory(directory.value, defined({ directory: start })));
  const mount = mountOf(path, mounts);
  if (mount === undefined) return container === undefined ? path : undefined;
  const { from, source, inside } = mount;
  const below = path.slice(inside.length);
  return from === 'host' || from === 'other' ? source + below : undefined;
}

function builtAs(build: BuildFact | undefined): Pick<Member, 'build'> {
  return build === undefined ? {} : { build };
}

const ofTools = wordSet('kubeadm nomad rancher talos');

function howKnown(plan: MemberPlan) {
  const { known, guessed, likeMember, sources, origins, partial, origin, kind } = plan;
  const isStated = origins.size > 0 || sources.some((source) => source.kind !== 'assumed');
  if (known !== undefined) return { known };
  if (likeMember !== undefined) return supposedFrom(`like those of ${likeMember}`);
  if (guessed === true) return supposedFrom(`as ${baseName(origin.file)} guesses them`);
  if (!isStated) return { known: 'supposed' as const };
  // A tool's configuration is whole: the tool adds the rest.
  const excerpts = ofTools.has(kind ?? '') ? [] : [origin.file];
  return { known: 'settings' as const, ...(partial && { excerpts }) };
}

function supposedFrom(assumedSettings: string) {
  return { known: 'supposed' as const, assumedSettings };
}

/** What is wrong with another member's file is reported there; what stops etcd stops this member too. */
function startProblems({ problems }: MemberReading) {
  return problems.filter(({ kind }) => kind === 'refused-at-start');
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
  const open = openUrls.filter(([setting]) => settings[setting].origin.via === 'default');
  // Where all other URLs are stated, the missing one is a mistake that keeps etcd from starting.
  const isComplete = open.length === 1 && open[0]?.[0] === 'advertiseClientUrls';
  return (isComplete ? [] : open).map(([setting, name, listener, port]) => {
    const isListening = setting.startsWith('listen');
    const host = isListening && !isIpAddress(main.host) ? (addresses[0] ?? '0.0.0.0') : main.host;
    const encrypts = settings[listener].certFile ?? settings[listener].autoTls;
    const https = `https://${joinHostPort(host, port)}`;
    return {
      name,
      value: encrypts === undefined ? https.replace('https', 'http') : https,
      because: `no file contains the URLs of ${plan.name}; ${host} is assumed because ${main.because}`,
    };
  });
}

/** An etcd and the Go that it runs on: distributions build with others than upstream does. */
function releaseOf(version: Setting<string>, plan: MemberPlan, around: Surroundings): EtcdVersion {
  return etcdVersion(version.value, goVersion(version, plan, around).value);
}

function givenGo(plan: MemberPlan, around: Surroundings): Setting<string> | undefined {
  const { versions } = around;
  const build = buildOf(plan, around);
  return (
    versions.go ??
    fromBuild(build?.goVersion, build) ??
    versions.observed?.get(plan.name)?.go ??
    plan.goVersion
  );
}

function goVersion(
  version: Setting<string>,
  plan: MemberPlan,
  around: Surroundings,
): Setting<string> {
  const given = givenGo(plan, around);
  const { newest } = around.versions.supposed ?? {};
  if (given !== undefined) {
    if (newest === undefined || standingOfGo(given.value) !== 'newer') return given;
    const because = `the rules of Go ${given.value} are not known`;
    return { value: knownGo.previous, origin: { via: 'assumed', because } };
  }
  const supposed = supposedRelease(statedVersion(plan, around), around);
  if (supposed !== undefined) {
    const because = `etcd ${supposed.etcdVersion} is assumed`;
    return { value: supposed.goVersion, origin: { via: 'assumed', because } };
  }
  const { release, known, because } = goReleaseOf(etcdVersion(version.value));
  const isNewest = !known && newest !== undefined;
  return { value: isNewest ? knownGo.newest : release, origin: { via: 'assumed', because } };
}

function guessesOf(
  { name }: Member,
  assumed: readonly AssumedSetting[],
  { main }: Hosts,
): readonly Guess[] {
  if (assumed.length === 0 || main === undefined) return [];
  const values = [...new Set(assumed.map(({ value }) => value))];
  return [
    {
      about: name,
      conclusion: `is reached at ${enumerate(values)}`,
      because: `no file contains its URLs; ${main.because}`,
      ambiguous: !main.sure,
    },
  ];
}
