import type { FailedAttempt } from '../../diagnoses/attempts/attempt.ts';
import type { Diagnosis } from '../../diagnoses/conclude.ts';
import { diagnose } from '../../diagnoses/diagnose.ts';
import type { Known } from '../../model/check.ts';
import { leadsTo } from '../../model/forecast.ts';
import type { Admission, EndpointObservation } from '../../model/live.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verify } from '../../pki/verify.ts';
import { bundlesOf, certificatesIn, fileFor } from '../../deployment/certificate-uses.ts';

/** All known facts that sharpen a diagnosis. */
export type Surroundings = Known<
  never,
  'forecast' | 'endpoints' | 'files' | 'members' | 'clients' | 'processes'
>;

/** Names the cause of a connection that failed, with everything that is known around it. */
export function diagnoseAttempt(
  observation: EndpointObservation,
  admission: Admission | undefined,
  facts: Surroundings,
  now: Date,
): Diagnosis {
  return diagnose({
    observation,
    now,
    ...(admission !== undefined && { admission }),
    ...shownBy(admission, facts),
    ...edgeOf(observation, admission, facts),
    ...servedRefusal(observation, facts, now),
    ...poolOnDisk(observation, facts),
    ...goOf(observation, facts),
    ...timeOf(observation, facts),
    ...peerPortOf(observation, facts),
    ...streamsOf(observation, facts),
  });
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

/** Of one member, or where the member is unknown, of one host. */
function peerPortOf(
  { endpoint }: EndpointObservation,
  { endpoints = [] }: Surroundings,
): Pick<FailedAttempt, 'peerPortAnswers'> {
  const peer = endpoints.find(
    ({ endpoint: other }) =>
      other.serves === 'peer' &&
      (endpoint.member === undefined
        ? other.host === endpoint.host
        : other.member === endpoint.member),
  );
  return peer === undefined ? {} : { peerPortAnswers: peer.flight !== undefined };
}

/** The counters of the other members, where any was read. */
function streamsOf(
  { endpoint }: EndpointObservation,
  { processes = [] }: Surroundings,
): Pick<FailedAttempt, 'peersReachIt'> {
  const others = processes.filter(
    ({ endpoint: other, hasLeader }) => other.host !== endpoint.host && hasLeader !== undefined,
  );
  if (others.length === 0) return {};
  return {
    peersReachIt: others.every(
      ({ hasLeader, peerTraffic = [] }) =>
        hasLeader === true &&
        peerTraffic.length > 0 &&
        peerTraffic.every(({ active }) => active !== 0),
    ),
  };
}

function shownBy(
  admission: Admission | undefined,
  { files = [] }: Surroundings,
): Pick<FailedAttempt, 'shown'> {
  const file = files.find(({ path }) => path === admission?.certificateFile);
  const [certificate] = file === undefined ? [] : certificatesIn(file);
  return file === undefined || certificate === undefined
    ? {}
    : { shown: { file: file.path, certificate } };
}

function edgeOf(
  { endpoint }: EndpointObservation,
  admission: Admission | undefined,
  { forecast = [] }: Surroundings,
): Pick<FailedAttempt, 'edge'> {
  const here = forecast.filter((edge) => edge.wanted === 'accepted' && leadsTo(edge, endpoint));
  const shown = admission?.certificateFile;
  const edge =
    here.find(({ credential }) => credential !== undefined && credential === shown) ?? here[0];
  return edge === undefined ? {} : { edge };
}

/** The served chain, judged with the CA files of those who dial that port. */
export function servedRefusal(
  { flight, endpoint }: EndpointObservation,
  facts: Surroundings,
  at: Date,
): Pick<FailedAttempt, 'servedRefusal'> {
  const { files, members, clients } = facts;
  const [leaf, ...intermediates] = flight?.chain ?? [];
  if (leaf === undefined || files === undefined || members === undefined || clients === undefined)
    return {};
  const judging = endpoint.serves === 'peer' ? 'peers' : 'servers';
  const roots = bundlesOf({ files, members, clients })
    .filter(({ trustedBy }) => trustedBy.some(({ purpose }) => purpose === judging))
    .flatMap(({ file }) => certificatesIn(file));
  if (roots.length === 0) return {};
  const hostName = endpoint.host;
  const verification = verify(leaf, {
    roots,
    intermediates,
    hostName,
    usage: 'serverAuth',
    at,
    go: currentGo,
  });
  return verification.ok ? {} : { servedRefusal: verification.error };
}

function poolOnDisk(
  { endpoint }: EndpointObservation,
  { files, members = [] }: Surroundings,
): Pick<FailedAttempt, 'trustedOnDisk'> {
  const member = members.find(({ name }) => name === endpoint.member);
  if (member === undefined || files === undefined) return {};
  const { client, peer } = member.settings;
  const { trustedCaFile } = endpoint.serves === 'peer' ? peer : client;
  const file = fileFor(trustedCaFile, member, { files });
  return file === undefined ? {} : { trustedOnDisk: certificatesIn(file) };
}

function goOf(
  { endpoint }: EndpointObservation,
  { processes = [], members = [] }: Surroundings,
): Pick<FailedAttempt, 'goVersion'> {
  const said = processes.find((process) => process.endpoint.member === endpoint.member)?.goVersion;
  const member = members.find(({ name }) => name === endpoint.member);
  const goVersion = said ?? statedGo(member) ?? commonGo(processes);
  return goVersion === undefined ? {} : { goVersion };
}

/** An assumed release proves nothing about alerts. */
function statedGo(
  member: NonNullable<Surroundings['members']>[number] | undefined,
): string | undefined {
  const go = member?.goVersion;
  return go?.origin.via === 'assumed' ? undefined : go?.value;
}

/** The members of a cluster are usually built with the same release. */

function commonGo(processes: Surroundings['processes'] = []): string | undefined {
  const releases = new Set(processes.flatMap((process) => process.goVersion ?? []));
  return releases.size === 1 ? [...releases][0] : undefined;
}

function timeOf(
  { endpoint }: EndpointObservation,
  { processes = [] }: Surroundings,
): Pick<FailedAttempt, 'memberTime'> {
  const clock = processes.find(
    (process) => process.clock !== undefined && process.endpoint.member === endpoint.member,
  )?.clock;
  return clock === undefined || endpoint.member === undefined
    ? {}
    : { memberTime: clock.serverTime };
}
