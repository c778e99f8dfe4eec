import type { FailedAttempt } from '../../diagnoses/attempts/attempt.ts';
import type { Diagnosis } from '../../diagnoses/conclude.ts';
import { diagnose } from '../../diagnoses/diagnose.ts';
import { defined } from '../../model/defined.ts';
import { type Edge, leadsTo } from '../../model/forecast.ts';
import type { Member } from '../../model/inventory.ts';
import type { Admission, EndpointObservation, SeenEndpoint } from '../../model/live.ts';
import { listedMembers } from '../../deployment/member-lists.ts';
import { hasStreamTo } from '../../deployment/peer-streams.ts';
import { hostOf } from '../../model/host.ts';
import { certificatesIn, fileFor } from '../../deployment/certificate-uses.ts';
import { servedRefusal, type Surroundings, twinOf, verifiedMembers } from './served-chain.ts';

/** Names the cause of a connection that failed, with everything that is known around it. */
export function diagnoseAttempt(
  observation: EndpointObservation,
  admission: Admission | undefined,
  facts: Surroundings,
  now: Date,
  refusal: FailedAttempt['servedRefusal'] = servedRefusal(observation, facts, now),
): Diagnosis {
  const { endpoint } = observation;
  const member = facts.members?.find(({ name }) => name === endpoint.member);
  return diagnose(
    defined({
      observation,
      now,
      admission,
      shown: shownBy(admission, facts),
      edge: edgeOf(endpoint, admission, facts),
      servedRefusal: refusal,
      trustedOnDisk: member && poolOnDisk(endpoint, member, facts),
      goVersion: goOf(endpoint, member, facts),
      memberTime: timeOf(endpoint, facts),
      peerPortAnswers: peerPortAnswers(endpoint, facts),
      peersReachIt: peersReach(endpoint, facts),
      twin: twinOf(observation, facts),
      verifiedMembers: verifiedMembers(observation, facts, now),
    }),
  );
}

/**
 * What to say of a diagnosis in a finding's cause: the statement, its arguments, the certificate to look
 * at, what speaks against other causes, and what stays open.
 */
export function causeInWords({
  title,
  cause,
  confidence,
  evidence,
  ruledOut,
  alternatives,
  lookAt,
  lookNext,
}: Diagnosis): string {
  const sure = { certain: '', likely: 'probably ', open: 'perhaps ' }[confidence];
  const others = alternatives.map((other) => `or ${other.cause}: ${other.because}`);
  const next = lookNext === undefined || confidence === 'certain' ? [] : [`to decide: ${lookNext}`];
  return [
    `${sure}${title} [${cause}]`,
    ...evidence,
    ...(lookAt === undefined
      ? []
      : [`look at ${lookAt.file}: ${lookAt.subject}, serial ${lookAt.serialNumber}`]),
    ...(ruledOut.length === 0 ? [] : [`ruled out: ${ruledOut.join('; ')}`]),
    ...(confidence === 'certain' ? [] : others),
    ...next,
  ].join('\n');
}

/** What the diagnosis of a connection adds to what the other side says, as cause and fix of a finding. */
export function whyAndHow(
  observed: EndpointObservation,
  said: string,
  facts: Surroundings,
  now: Date,
  refusal?: FailedAttempt['servedRefusal'],
): { readonly cause: string; readonly fix: string } {
  const diagnosis = diagnoseAttempt(observed, undefined, facts, now, refusal);
  return { cause: `${said}\n${causeInWords(diagnosis)}`, fix: diagnosis.remedy };
}

/** Whether the peer port of the same member, or where that is unknown of the same host, speaks TLS. */
function peerPortAnswers(
  { host, member }: SeenEndpoint,
  { endpoints = [] }: Surroundings,
): boolean | undefined {
  const peer = endpoints.find(
    ({ endpoint: { serves, ...other } }) =>
      serves === 'peer' && (member === undefined ? other.host === host : other.member === member),
  );
  return peer && peer.flight !== undefined;
}

/** By the counters of the other members, where any was read: etcd 3.3 has none of its streams. */
function peersReach(
  { host, member }: SeenEndpoint,
  { processes = [], memberLists = [] }: Surroundings,
): boolean | undefined {
  const others = processes.filter(
    ({ endpoint, hasLeader }) => endpoint.host !== host && hasLeader !== undefined,
  );
  if (others.some(({ hasLeader }) => hasLeader === false)) return false;
  const listed = listedMembers(memberLists).find(({ name, clientUrls, peerUrls }) =>
    member === undefined
      ? [...clientUrls, ...peerUrls].some((url) => hostOf(url) === host)
      : name === member,
  );
  if (listed === undefined) return undefined;
  const streams = others.flatMap((process) => hasStreamTo(listed.id, process) ?? []);
  return streams.length === 0 ? undefined : streams.every(Boolean);
}

function shownBy(
  admission: Admission | undefined,
  { files = [] }: Surroundings,
): FailedAttempt['shown'] {
  const file = files.find(({ path }) => path === admission?.certificateFile);
  const [certificate] = file === undefined ? [] : certificatesIn(file);
  return file && certificate && { file: file.path, certificate };
}

function edgeOf(
  endpoint: SeenEndpoint,
  admission: Admission | undefined,
  { forecast = [] }: Surroundings,
): Edge | undefined {
  const here = forecast.filter((edge) => edge.wanted === 'accepted' && leadsTo(edge, endpoint));
  const shown = admission?.certificateFile;
  return here.find(({ credential }) => credential !== undefined && credential === shown) ?? here[0];
}

function poolOnDisk(
  { serves }: SeenEndpoint,
  member: Member,
  { files = [] }: Surroundings,
): FailedAttempt['trustedOnDisk'] {
  const { trustedCaFile } = member.settings[serves === 'peer' ? 'peer' : 'client'];
  const file = fileFor(trustedCaFile, member, { files });
  return file && certificatesIn(file);
}

/** An assumed release proves nothing about alerts; the members of a cluster are usually built with the same one. */
function goOf(
  { member: name }: SeenEndpoint,
  member: Member | undefined,
  { processes = [] }: Surroundings,
): string | undefined {
  const said = processes.find(({ endpoint }) => endpoint.member === name)?.goVersion;
  const stated = member?.goVersion.origin.via === 'assumed' ? undefined : member?.goVersion.value;
  const releases = new Set(processes.flatMap(({ goVersion }) => goVersion ?? []));
  return said ?? stated ?? (releases.size === 1 ? [...releases][0] : undefined);
}

function timeOf({ member }: SeenEndpoint, { processes = [] }: Surroundings): string | undefined {
  if (member === undefined) return undefined;
  return processes.find(({ clock, endpoint }) => clock && endpoint.member === member)?.clock
    ?.serverTime;
}
