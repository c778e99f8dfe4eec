import type { ServerFlight, TlsOffer } from '../../model/live.ts';
import { type AdmissionAnswer, observeAdmission } from './admission.ts';
import { askCluster, type ClusterFacts } from './ask-cluster.ts';
import { nothing, type ReadyCredential, usable } from './credentials.ts';
import { sooner } from './deadline.ts';
import { createLanes, type Lanes } from './gate.ts';
import { observeOffer } from './offer.ts';
import { observePages, type PageAnswers } from './pages.ts';
import { observePlaintext } from './plaintext.ts';
import { type EndpointFacts, noFacts, type Row } from './row.ts';

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

async function observeAdmissions(
  { observation, address, context, deadline }: Row,
  flight: ServerFlight,
  lanes: Lanes,
): Promise<readonly AdmissionAnswer[]> {
  const { endpoint } = observation;
  const port = endpoint.serves === 'peer' ? 'peer' : 'client';
  // On a peer port every member is at home; on a client port a member is its own gateway's client.
  const members = context.members.filter(
    ({ owner, serves = port }) => serves === port && (port === 'peer' || owner === endpoint.member),
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

  const ready = [context.nothing, context.client, ...members].filter((one) => one !== undefined);
  const [foreign, ...rest] = await Promise.all([
    context.foreign?.().then(attempt) ?? [],
    ...ready.map(attempt),
  ]);
  return [...rest.flat(), ...foreign];
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
