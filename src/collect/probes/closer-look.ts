import type { ServerFlight, TlsOffer } from '../../model/live.ts';
import type { AdmissionAnswer } from './admission.ts';
import { startAdmissions } from './admissions.ts';
import { askCluster, type ClusterFacts } from './ask-cluster.ts';
import { nothing } from './credentials.ts';
import { sooner } from './deadline.ts';
import { createLanes, type Lanes } from './gate.ts';
import { observeOffer } from './offer.ts';
import { observePages, type PageAnswers, pagesNotAsked } from './pages.ts';
import { observePlaintext } from './plaintext.ts';
import { findReader, plainReader, type Reader } from './reader.ts';
import { type EndpointFacts, noFacts, type Row } from './row.ts';
import { observeWeakSuites } from './weak-suites.ts';

/** How long a TLS port may think about plain text; etcd ends such a connection at once. */
const plaintextPatienceMs = 1000;

/** Everything that takes more than looking from outside. */
export async function lookCloser(row: Row): Promise<EndpointFacts> {
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
    askCluster(row, plainReader),
    observePages(endpoint, { address }, deadline),
  ]);
  return { ...seen, ...merge(cluster, pages) };
}

async function lookThroughTls(row: Row, flight: ServerFlight): Promise<EndpointFacts> {
  const { observation, context } = row;
  const { endpoint } = observation;
  const lanes = createLanes(context.connectionsEach);
  const started = startAdmissions(row, flight, lanes);
  // Where no certificate is asked for, everything is said to anybody.
  const reader = flight.clientCertificateRequested
    ? findReader(endpoint, started)
    : Promise.resolve<Reader>({ credential: nothing });

  const [plaintext, answers, cluster, pages, offer] = await Promise.all([
    plaintextOf(row),
    Promise.all(started.map(({ answer }) => answer)),
    reader.then((it) => askCluster(row, it)),
    reader.then((it) => askPages(row, it)),
    offerOf(row, flight, lanes, reader),
  ]);
  const made = answers.filter((answer) => answer !== undefined);
  return {
    endpoint: { ...observation, ...(plaintext && { plaintext }) },
    // Alert 70 tells of the version alone, which is no matter of admission.
    admissions: made.map(({ admission }) => admission).filter(({ alert }) => alert !== 70),
    offers: offer === undefined ? [] : [context.survey ? withTickets(offer, made) : offer],
    ...merge(cluster, pages),
  };
}

/** etcd can serve http and https on one client port; its peer listeners speak either. */
async function plaintextOf({ observation: { endpoint }, address, context, deadline }: Row) {
  if (endpoint.serves === 'peer' && !context.survey) return undefined;
  const patience = sooner(deadline, plaintextPatienceMs);
  const plaintext = await observePlaintext(address, endpoint.host, patience);
  patience.release();
  return plaintext;
}

async function askPages(
  { observation: { endpoint }, address, deadline }: Row,
  { credential, code = 'NO_CERTIFICATE' }: Reader,
): Promise<PageAnswers> {
  return credential === undefined
    ? pagesNotAsked(endpoint, code)
    : await observePages(endpoint, { address, credential }, deadline);
}

/** The suites of a process are the same on all its ports, so that without a survey one port is asked. */
async function offerOf(
  row: Row,
  flight: ServerFlight,
  lanes: Lanes,
  reader: Promise<Reader>,
): Promise<TlsOffer | undefined> {
  const { observation, address, context, deadline } = row;
  const { endpoint } = observation;
  const request = { endpoint, address, flight, lanes };
  if (context.survey) return await observeOffer(request, deadline);
  if (endpoint.serves !== 'client') return undefined;
  const { code } = await reader;
  const refused = code === 'NO_CERTIFICATE' || context.client === undefined ? undefined : code;
  return await observeWeakSuites({ ...request, isOfSet: isOfSet(row, flight), refused }, deadline);
}

/** Whether a member of the set serves this certificate; nothing where the members' are not known. */
function isOfSet({ context: { members } }: Row, { chain: [leaf] }: ServerFlight): boolean {
  const known = members.flatMap((member) => member.leaf ?? []);
  return known.length === 0 || known.some(({ sha256 }) => sha256 === leaf?.sha256);
}

/** Tickets of TLS 1.3 come to those alone who were admitted. */
function withTickets(offer: TlsOffer, answers: readonly AdmissionAnswer[]): TlsOffer {
  const admitted = answers.filter(
    ({ admission }) => admission.outcome === 'admitted' && admission.tlsVersion === '1.3',
  );
  if (admitted.length === 0) return offer;
  const ticket13 = admitted.some(({ ticket }) => ticket);
  return { ...offer, resumption: { ...offer.resumption, ticket13 } };
}

function merge(
  { memberList, ordinary, status }: ClusterFacts,
  pages: PageAnswers,
): Pick<EndpointFacts, 'memberLists' | 'statuses' | 'processes'> {
  const { goVersion } = pages.process;
  return {
    memberLists: [memberList, ordinary, pages.memberList].filter((list) => list !== undefined),
    statuses: status === undefined ? [] : [{ ...status, ...(goVersion && { goVersion }) }],
    processes: [pages.process],
  };
}
