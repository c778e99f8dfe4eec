import type { Deployment } from '../model/deployment.ts';
import type { Client, FileMatch, Member } from '../model/inventory.ts';
import type { Endpoint } from '../model/live.ts';
import type { LiveCredential, ProbePlan, ProbeRequest } from '../model/probe-plan.ts';
import type { Setting } from '../model/settings.ts';
import { discovered } from './discovered.ts';
import { endpointAt, endpointsOf, givenEndpoint } from './endpoints.ts';
import { givenFile } from './deployed-path.ts';

/** What to dial: the endpoints given, or else those of the members, with the credentials that were found. */
export function probePlan({ facts }: Deployment, request: ProbeRequest): ProbePlan {
  const { members = [], clients = [] } = facts;
  const { endpoints: given = [] } = request;
  const client = clientCredential(request, clients);
  const trustedCaFile = request.trustedCaFile ?? trustedByClient(clients);
  return {
    endpoints: given.length > 0 ? givenAndPeers(given, members) : endpointsOf(members),
    credentials: {
      members: memberCredentials(members),
      ...(client !== undefined && { client }),
    },
    ...(trustedCaFile !== undefined && { trustedCaFile }),
  };
}

/** The same of what the running cluster lists, and of etcd's other usual ports on those hosts. */
export function discoveryPlan({ facts }: Deployment, before: ProbePlan): ProbePlan {
  const { members = [], memberLists = [] } = facts;
  const at = endpointAt(members, memberLists);
  return { ...before, endpoints: discovered(memberLists, before.endpoints, at) };
}

/** The endpoints given, and the peer ports that their members have on the very same hosts. */
function givenAndPeers(given: readonly string[], members: readonly Member[]): readonly Endpoint[] {
  const at = endpointAt(members, []);
  const asked = given.map((text) => givenEndpoint(text, at));
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
  { certificateFile, keyFile }: ProbeRequest,
  clients: readonly Client[],
): LiveCredential | undefined {
  if (certificateFile !== undefined && keyFile !== undefined) {
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

/** The certificates that members show, as far as the files with their keys were given. */
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
