import { type CatalogueEntry, isQuestion } from '../model/check.ts';
import type { Deployment } from '../model/deployment.ts';
import { type FactName, isLive } from '../model/evidence.ts';
import type { Client, FileMatch, Member } from '../model/inventory.ts';
import type {
  LiveCredential,
  PlannedEndpoint,
  ProbePlan,
  ProbeRequest,
  Question,
} from '../model/probe-plan.ts';
import { defined } from '../model/defined.ts';
import type { Setting } from '../model/settings.ts';
import { discovered, type Discovery } from './discovered.ts';
import { endpointAt, endpointsOf, givenEndpoint } from './endpoints.ts';
import { givenFile } from './deployed-path.ts';

/**
 * What to dial: the endpoints given, or else those of the members, with the credentials that were found; and
 * what to ask there: no more than the checks that run have to know.
 */
export function probePlan(
  { facts, you = [] }: Deployment,
  checks: readonly CatalogueEntry[],
  also: readonly Question[] = [],
): ProbePlan {
  const { members = [], clients = [] } = facts;
  const wanted = new Set(checks.flatMap(factsOf));
  const questions = questionsFor([...wanted, ...also]);
  const client = clientCredential(you, clients);
  const [trusted] = you.flatMap((each) => each.trustedCaFile ?? []);
  const trustedCaFile = trusted ?? trustedByClient(clients);
  return {
    endpoints: endpointsFor(
      you.flatMap(({ endpoints = [] }) => endpoints),
      members,
    ),
    questions,
    intruders: wanted.has('admissions'),
    credentials: {
      members: questions.length > 0 ? memberCredentials(members) : [],
      ...(questions.length > 0 && defined({ client })),
    },
    ...(questions.includes('memberLists') && defined({ trustedCaFile })),
  };
}

function endpointsFor(
  given: readonly string[],
  members: readonly Member[],
): readonly PlannedEndpoint[] {
  return given.length > 0 ? givenAndPeers(given, members) : endpointsOf(members);
}

function questionsFor(facts: readonly FactName[]): readonly Question[] {
  const known = facts.flatMap((name) => [name, ...(restsOn[name] ?? [])]);
  return [...new Set(known)].filter(isAsked);
}

function factsOf(check: CatalogueEntry): readonly FactName[] {
  return isQuestion(check) ? [...check.needs, ...(check.welcomes ?? [])] : ['forecast'];
}

function isAsked(name: FactName): name is Question {
  return isLive(name) && name !== 'endpoints';
}

/** What a running cluster says of releases and members decides who is who, and what is predicted. */
const ofMembers = ['memberLists', 'statuses', 'processes'] as const;
const restsOn: Readonly<Partial<Record<FactName, readonly Question[]>>> = {
  members: ofMembers,
  clients: ofMembers,
  forecast: [...ofMembers, 'admissions'],
};

/** The same of what the running cluster lists, and of etcd's other usual ports on those hosts. */
export function discoveryPlan(
  { facts }: Deployment,
  before: ProbePlan,
): { readonly plan: ProbePlan } & Pick<Discovery, 'leftOut'> {
  const { members = [], memberLists = [] } = facts;
  const at = endpointAt(members, memberLists);
  const { endpoints, ...rest } = discovered(memberLists, before.endpoints, at);
  return { plan: { ...before, endpoints }, ...rest };
}

/** The endpoints given, and the peer ports that their members have on the very same hosts. */
function givenAndPeers(
  given: readonly string[],
  members: readonly Member[],
): readonly PlannedEndpoint[] {
  const at = endpointAt(members, []);
  // One endpoint may be written in several ways.
  const byUrl = new Map(
    given.map((text) => givenEndpoint(text, at)).map((endpoint) => [endpoint.url, endpoint]),
  );
  const asked = [...byUrl.values()];
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
  you: readonly ProbeRequest[],
  clients: readonly Client[],
): LiveCredential | undefined {
  for (const { certificateFile, keyFile } of you) {
    if (certificateFile === undefined || keyFile === undefined) continue;
    return { owner: 'you', certificateFile, keyFile };
  }
  return etcdctlFirst(clients).flatMap(
    ({ name, files, certFile, keyFile: key }) => pairOf(name, files, [certFile, key]) ?? [],
  )[0];
}

function trustedByClient(clients: readonly Client[]): string | undefined {
  return etcdctlFirst(clients).flatMap(
    ({ caFile, files }) => givenFile(caFile?.value, files) ?? [],
  )[0];
}

function etcdctlFirst(clients: readonly Client[]): readonly Client[] {
  return clients.toSorted((a, b) => Number(b.kind === 'etcdctl') - Number(a.kind === 'etcdctl'));
}

/** The certificates that members present, where the files with their keys were given. */
function memberCredentials(members: readonly Member[]): readonly LiveCredential[] {
  return members.flatMap(({ name, settings: { client, peer }, files }) => {
    const pairs = [
      ['client', client.clientCertFile ?? client.certFile, client.clientKeyFile ?? client.keyFile],
      ['peer', peer.clientCertFile ?? peer.certFile, peer.clientKeyFile ?? peer.keyFile],
    ] as const;
    return pairs.flatMap(([serves, certificate, key]) => {
      const credential = pairOf(name, files, [certificate, key]);
      return credential === undefined ? [] : [{ ...credential, serves }];
    });
  });
}

/** A certificate and its key as paths on this disk; undefined unless both were given. */
function pairOf(
  owner: string,
  files: readonly FileMatch[],
  [certificate, key]: readonly [Setting<string> | undefined, Setting<string> | undefined],
): LiveCredential | undefined {
  const certificateFile = givenFile(certificate?.value, files);
  const keyFile = givenFile(key?.value, files);
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  return { owner, certificateFile, keyFile };
}
