import type { Socket } from 'node:net';
import type { AdmissionAnswer } from './admission.ts';
import { startAdmissions } from './admissions.ts';
import { askCluster, type ClusterFacts } from './ask-cluster.ts';
import { nothing } from './credentials.ts';
import { sooner, type Deadline } from './deadline.ts';
import { lazy } from './lazy.ts';
import { createLanes, type Lanes } from './gate.ts';
import { observePages, type PageAnswers, pagesNotAsked } from './pages.ts';
import { askAll, nothingSeen } from './questions.ts';
import { findReader, plainReader, type Reader } from './reader.ts';
import type { EndpointFacts, ReachedEndpoint } from './reached-endpoint.ts';
import type { ServerFlight, Endpoint, EndpointObservation } from '../../model/live.ts';
import { ask } from './ask.ts';
import { isOfEtcd } from './etcd-answer.ts';
import { type Address, dial } from './dial.ts';

/** What the questions to one endpoint share: who asks, and the answers that several need, once one of them asks. */
export interface Look extends ReachedEndpoint {
  /** Absent where the port speaks plain text. */
  readonly flight?: ServerFlight;
  readonly lanes: Lanes;
  readonly reader: () => Promise<Reader>;
  readonly admissions: () => Promise<readonly AdmissionAnswer[]>;
  readonly cluster: () => Promise<ClusterFacts>;
  /** Nothing where the port carries gRPC alone. */
  readonly pages: () => Promise<PageAnswers | undefined>;
}

/** How long a TLS port may think about plain text; etcd ends such a connection at once. */
const plaintextPatienceMs = 1000;

/** Everything that takes more than looking from outside. */
export async function lookCloser(row: ReachedEndpoint): Promise<EndpointFacts> {
  const { endpoint, observation, address, deadline } = row;
  const { flight, speaks } = observation;
  const isSound = observation.stages.at(-1)?.outcome === 'ok';
  if (flight !== undefined && isSound) return await lookThroughTls(row, flight);
  if (speaks === 'tls' || speaks === 'silence' || speaks === 'tls-alert')
    return { endpoint: observation, facts: nothingSeen(row.context.questions) };

  const plaintext = await observePlaintext(address, endpoint, deadline);
  const seen = { ...observation, ...(plaintext && { plaintext }) };
  if (plaintext !== 'answered')
    return { endpoint: seen, facts: nothingSeen(row.context.questions) };
  const look = {
    ...row,
    lanes: createLanes(row.context.connectionsEach),
    reader: async () => plainReader,
    admissions: async () => [],
    cluster: lazy(() => askCluster(row, plainReader)),
    pages: lazy(() => pagesInClear(row)),
  };
  return { endpoint: seen, facts: await askAll(look) };
}

async function pagesInClear({
  endpoint,
  address,
  deadline,
}: ReachedEndpoint): Promise<PageAnswers | undefined> {
  return endpoint.carries === 'grpc'
    ? undefined
    : await observePages(endpoint, { address }, deadline);
}

async function lookThroughTls(row: ReachedEndpoint, flight: ServerFlight): Promise<EndpointFacts> {
  const { endpoint, observation, context } = row;
  const lanes = createLanes(context.connectionsEach);
  const kept = new Set<Socket>();
  const started = lazy(() => startAdmissions(row, flight, lanes, kept));
  // A port that requests no certificate answers every client.
  const reader = flight.clientCertificateRequested
    ? lazy(() => findReader(endpoint, started()))
    : async (): Promise<Reader> => ({ credential: nothing });
  const look = {
    ...row,
    flight,
    lanes,
    reader,
    admissions: lazy(async () => {
      const answers = await Promise.all(started().map(({ answer }) => answer));
      return answers.filter((answer) => answer !== undefined);
    }),
    cluster: lazy(async () => await askCluster(row, await reader())),
    pages: lazy(async () => await askPages(row, await reader())),
  };
  const [plaintext, facts] = await Promise.all([plaintextOf(row), askAll(look)]);
  for (const socket of kept) socket.destroy();
  return { endpoint: { ...observation, ...(plaintext && { plaintext }) }, facts };
}

/** etcd can serve http and https on one client port; its peer listeners speak either. */
async function plaintextOf({ endpoint, address, context, deadline }: ReachedEndpoint) {
  if (endpoint.serves === 'peer' && !context.survey) return undefined;
  const patience = sooner(deadline, plaintextPatienceMs);
  const plaintext = await observePlaintext(address, endpoint, patience);
  patience.release();
  return plaintext;
}

async function askPages(
  { endpoint, address, deadline }: ReachedEndpoint,
  { credential, begun, code = 'NO_CERTIFICATE' }: Reader,
): Promise<PageAnswers | undefined> {
  if (endpoint.carries === 'grpc') return undefined;
  return credential === undefined
    ? pagesNotAsked(endpoint, code)
    : await observePages(
        endpoint,
        { address, credential, ...(begun !== undefined && { begun }) },
        deadline,
      );
}

/** Whether etcd answers `GET /version` to a client without TLS. */
async function observePlaintext(
  address: Address,
  endpoint: Endpoint,
  deadline: Deadline,
): Promise<EndpointObservation['plaintext']> {
  const connection = await dial(address, deadline);
  if (!connection.ok) return connection.code === 'TIMEOUT' ? 'silence' : 'refused';
  const { socket } = connection;
  const asked = await ask(socket, endpoint.host, '/version', deadline);
  socket.destroy();
  if (!asked.ok) return asked.code === 'TIMEOUT' ? 'silence' : 'refused';
  // Go's own HTTPS server answers a plain request with 400 in plain text, and that is a refusal.
  if (asked.answer.status === 400) return 'refused';
  return isOfEtcd(endpoint, asked.answer) ? 'answered' : 'another-service';
}
