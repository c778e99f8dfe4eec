import type {
  Admission,
  Endpoint,
  EndpointObservation,
  MemberListObservation,
  ProcessObservation,
  ServerFlight,
  Stage,
  StatusObservation,
  TlsOffer,
} from '../../model/live.ts';
import { type AdmissionAnswer, observeAdmission } from './admission.ts';
import { nothing, type ReadyCredential } from './credentials.ts';
import { createDeadline, type Deadline, sooner } from './deadline.ts';
import type { Address } from './dial.ts';
import { createLanes, type Lanes } from './gate.ts';
import { observeOffer } from './offer.ts';
import { observePages, type PageAnswers } from './pages.ts';
import { observePlaintext } from './plaintext.ts';
import { observeSurface } from './surface.ts';

/** All that was seen of one endpoint: one row of the live table. */
export interface EndpointFacts {
  readonly endpoint: EndpointObservation;
  readonly admissions: readonly Admission[];
  readonly memberLists: readonly MemberListObservation[];
  readonly statuses: readonly StatusObservation[];
  readonly offers: readonly TlsOffer[];
  readonly processes: readonly ProcessObservation[];
}

/** What happens while it happens, for the live table. */
export interface LiveProgress {
  readonly endpoint: Endpoint;
  /** Absent at the start of an endpoint and at its end. */
  readonly stage?: Stage;
  readonly state: 'started' | 'running' | 'finished';
}

/** What is the same for every endpoint of a run. */
export interface LiveContext {
  readonly timeoutMs: number;
  readonly connectionsEach: number;
  readonly offers: boolean;
  /** The intruders, unless they are turned off. */
  readonly nothing: ReadyCredential | undefined;
  readonly foreign: (() => Promise<ReadyCredential>) | undefined;
  readonly client: ReadyCredential | undefined;
  readonly members: readonly ReadyCredential[];
  /** What an ordinary client would trust. */
  readonly rootCertificate: Buffer | undefined;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly signal?: AbortSignal;
}

/** Looks at one endpoint under one deadline: first as a stranger, then as everybody at once. */
export async function observeEndpoint(
  endpoint: Endpoint,
  context: LiveContext,
): Promise<EndpointFacts> {
  const { onProgress } = context;
  const deadline = createDeadline(context.timeoutMs, context.signal);
  onProgress?.({ endpoint, state: 'started' });

  const { observation, address } = await observeSurface(endpoint, deadline);
  for (const stage of observation.stages) onProgress?.({ endpoint, stage, state: 'running' });
  const facts =
    address === undefined
      ? { ...noFacts, endpoint: observation }
      : await lookCloser({ observation, address, context, deadline });
  deadline.release();

  const stage = applicationStage(facts);
  onProgress?.({ endpoint, stage, state: 'finished' });
  const stages = [...facts.endpoint.stages, stage];
  return { ...facts, endpoint: { ...facts.endpoint, stages } };
}

interface Row {
  readonly observation: EndpointObservation;
  readonly address: Address;
  readonly context: LiveContext;
  readonly deadline: Deadline;
}

const noFacts = { admissions: [], memberLists: [], statuses: [], offers: [], processes: [] };

/** How long a TLS port may think about plain text; etcd ends such a connection at once. */
const plaintextPatienceMs = 1000;

async function lookCloser(row: Row): Promise<EndpointFacts> {
  const { observation, address, deadline } = row;
  const { endpoint, flight, speaks } = observation;
  const isSound = observation.stages.at(-1)?.outcome === 'ok';
  if (flight !== undefined && isSound) return await lookThroughTls(row, flight);
  if (speaks === 'tls' || speaks === 'silence' || speaks === 'tls-alert')
    return { ...noFacts, endpoint: observation };

  const plaintext = await observePlaintext(address, endpoint.host, deadline);
  const seen = { ...noFacts, endpoint: { ...observation, ...(plaintext && { plaintext }) } };
  if (plaintext !== 'answered') return seen;
  const [cluster, pages] = await Promise.all([
    askCluster(row, undefined),
    observePages(endpoint, { address }, deadline),
  ]);
  return { ...seen, ...merge(cluster, pages) };
}

async function lookThroughTls(row: Row, flight: ServerFlight): Promise<EndpointFacts> {
  const { observation, address, context, deadline } = row;
  const { endpoint } = observation;
  const lanes = createLanes(context.connectionsEach);
  const patience = sooner(deadline, plaintextPatienceMs);
  const known = knownCredential(row, flight);

  const [plaintext, answers, cluster, pages, offer] = await Promise.all([
    observePlaintext(address, endpoint.host, patience),
    observeAdmissions(row, flight, lanes),
    askCluster(row, flight.clientCertificateRequested ? (context.client ?? nothing) : nothing),
    known && observePages(endpoint, { address, credential: known }, deadline),
    context.offers ? observeOffer({ endpoint, address, flight, lanes }, deadline) : undefined,
  ]);
  patience.release();
  return {
    endpoint: { ...observation, ...(plaintext && { plaintext }) },
    // Alert 70 tells of the version alone, which is no matter of admission.
    admissions: answers.map(({ admission }) => admission).filter(({ alert }) => alert !== 70),
    offers: offer === undefined ? [] : [withTickets(offer, answers)],
    ...merge(cluster, pages),
  };
}

/** Tickets of TLS 1.3 come to those alone who were let in. */
function withTickets(offer: TlsOffer, answers: readonly AdmissionAnswer[]): TlsOffer {
  const admitted = answers.filter(
    ({ admission }) => admission.outcome === 'admitted' && admission.tlsVersion === '1.3',
  );
  if (admitted.length === 0) return offer;
  const ticket13 = admitted.some(({ ticket }) => ticket);
  return { ...offer, resumption: { ...offer.resumption, ticket13 } };
}

/** Who may ask for pages: nobody in particular where no certificate is asked for. */
function knownCredential({ observation, context }: Row, flight: ServerFlight) {
  const { endpoint } = observation;
  if (!flight.clientCertificateRequested) return nothing;
  if (endpoint.serves !== 'peer') return usable(context.client);
  const peers = context.members.filter(({ serves }) => serves !== 'client');
  return usable(peers.find(({ owner }) => owner === endpoint.member) ?? peers[0]);
}

function usable(credential: ReadyCredential | undefined): ReadyCredential | undefined {
  return credential?.unusable === undefined ? credential : undefined;
}

async function observeAdmissions(
  { observation, address, context, deadline }: Row,
  flight: ServerFlight,
  lanes: Lanes,
): Promise<readonly AdmissionAnswer[]> {
  const { endpoint } = observation;
  const port = endpoint.serves === 'peer' ? 'peer' : 'client';
  const own = context.members.filter(
    ({ owner, serves = port }) => owner === endpoint.member && serves === port,
  );
  const versions = flight.tlsVersion === '1.3' ? (['1.3'] as const) : (['1.2', '1.3'] as const);
  const asksForCertificate = flight.clientCertificateRequested;
  const attempt = async (credential: ReadyCredential): Promise<readonly AdmissionAnswer[]> =>
    await Promise.all(
      versions.map((version) => {
        const details = { endpoint, address, credential, version, asksForCertificate };
        return lanes(() => observeAdmission(details, deadline));
      }),
    );

  const ready = [context.nothing, context.client, ...own].filter((one) => one !== undefined);
  const [foreign, ...rest] = await Promise.all([
    context.foreign?.().then(attempt) ?? [],
    ...ready.map(attempt),
  ]);
  return [...rest.flat(), ...foreign];
}

/** gRPC is on client ports alone; it is loaded when the first of them has shown that it lives. */
async function askCluster(
  { observation, address, context, deadline }: Row,
  credential: ReadyCredential | undefined,
): Promise<ClusterFacts> {
  const { endpoint } = observation;
  if (endpoint.serves !== 'client' || credential?.unusable !== undefined) return {};
  const { host } = endpoint;
  const tls = credential && { context: credential.context('any'), host };
  const { observeCluster } = await import('../rpc/cluster-calls.ts');
  const [answers, ordinary] = await Promise.all([
    observeCluster(endpoint, { address, host, ...(tls && { tls }) }, deadline),
    askThroughEtcd3(endpoint, context, deadline),
  ]);
  return { ...answers, ordinary };
}

async function askThroughEtcd3(
  endpoint: Endpoint,
  { rootCertificate, client }: LiveContext,
  deadline: Deadline,
): Promise<MemberListObservation | undefined> {
  if (endpoint.scheme === 'https' && rootCertificate === undefined) return undefined;
  const pem = usable(client)?.pem;
  const credentials =
    endpoint.scheme === 'https' && rootCertificate !== undefined
      ? { rootCertificate, ...(pem && { pem }) }
      : undefined;
  const { observeThroughEtcd3 } = await import('../rpc/ordinary-client.ts');
  return await observeThroughEtcd3(endpoint, credentials, deadline);
}

interface ClusterFacts {
  readonly memberList?: MemberListObservation;
  readonly ordinary?: MemberListObservation | undefined;
  readonly status?: StatusObservation;
}

function merge(
  { memberList, ordinary, status }: ClusterFacts,
  pages: PageAnswers | undefined,
): Pick<EndpointFacts, 'memberLists' | 'statuses' | 'processes'> {
  const goVersion = pages?.process.goVersion;
  return {
    memberLists: [memberList, ordinary, pages?.memberList].filter((list) => list !== undefined),
    statuses: status === undefined ? [] : [{ ...status, ...(goVersion && { goVersion }) }],
    processes: pages === undefined ? [] : [pages.process],
  };
}

/** The last stage: whether the server behind the TLS ever answered one of us. */
function applicationStage({ endpoint, admissions, memberLists, processes }: EndpointFacts): Stage {
  const name = 'application';
  if (endpoint.flight === undefined && endpoint.plaintext !== 'answered') {
    return { name, outcome: 'not-reached', milliseconds: 0 };
  }
  const answered =
    admissions.find(({ outcome }) => outcome === 'admitted') ??
    memberLists.find(({ outcome }) => outcome === 'answered') ??
    processes.flatMap(({ pages }) => pages).find(({ outcome }) => outcome === 'answered');
  if (answered !== undefined) return { name, outcome: 'ok', milliseconds: answered.milliseconds };
  const code = [...memberLists, ...admissions].find((one) => one.code !== undefined)?.code;
  return { name, outcome: 'failed', milliseconds: 0, ...(code !== undefined && { code }) };
}
