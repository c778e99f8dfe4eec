import type {
  ClockReading,
  Endpoint,
  MemberListObservation,
  ProcessObservation,
  Seen,
} from '../../model/live.ts';
import { browse, type Page, type Visit } from './browse.ts';
import type { Deadline } from './deadline.ts';
import { readCommandLine, readHealth, readPeerMembers, readVersions } from './page-json.ts';
import { readMetrics, readServerVersion } from './page-metrics.ts';

/** What a process says about itself, and its member list where it is a peer port. */
export interface PageAnswers {
  readonly process: Seen<ProcessObservation>;
  readonly memberList?: Seen<MemberListObservation>;
}

const pathsOf = {
  client: ['/version', '/metrics', '/health', '/debug/vars', '/debug/pprof/', '/members'],
  peer: ['/version', '/members', '/raft/probing'],
  metrics: ['/metrics', '/health'],
} as const satisfies Record<Endpoint['serves'], readonly string[]>;

/** Reads the pages that etcd has on such a port. Only GET, and only these paths. */
export async function observePages(
  endpoint: Endpoint,
  visit: Omit<Visit, 'host' | 'paths'>,
  deadline: Deadline,
): Promise<PageAnswers> {
  const paths = pathsOf[endpoint.serves];
  const pages = await browse(
    {
      ...visit,
      host: endpoint.host,
      paths,
      skips: (path, before) =>
        isThroughRaft(path, before) ||
        (path === '/members' && endpoint.serves === 'client' && !looksLikePeerPort(before)),
    },
    deadline,
  );
  const about = { url: endpoint.url };
  const memberList = pages.find(({ observation }) => observation.path === '/members');

  return {
    process: {
      ...about,
      presented: visit.credential?.presented ?? 'nothing',
      pages: pages.map(({ observation }) => observation),
      ...readVersions(body(pages, '/version')),
      ...readHealth(body(pages, '/health')),
      ...readMetrics(body(pages, '/metrics')),
      ...readCommandLine(body(pages, '/debug/vars')),
      ...clock(pages),
    },
    ...(memberList !== undefined && {
      memberList: { ...about, through: 'peer-http', ...asMemberList(memberList) },
    }),
  };
}

/** Until 3.4 etcd answers GET /health by a write of its own to the old store (etcdhttp/metrics.go). */
function isThroughRaft(path: string, before: readonly Page[]): boolean {
  if (path !== '/health') return false;
  const { serverVersion = readServerVersion(body(before, '/metrics')) } = readVersions(
    body(before, '/version'),
  );
  return serverVersion === undefined || /^[0-2]\.|^3\.[0-4]\./.test(serverVersion);
}

/** Every port has etcd's `/version`, and clients' ports alone have `/metrics` too (server/embed/etcd.go). */
function looksLikePeerPort(before: readonly Page[]): boolean {
  const metrics = before.find(({ observation }) => observation.path === '/metrics')?.observation;
  return (
    metrics?.httpStatus === 404 &&
    readVersions(body(before, '/version')).serverVersion !== undefined
  );
}

/** What is reported of a process for which there was no reader to ask as. */
export function pagesNotAsked(endpoint: Endpoint, code: string): PageAnswers {
  const [path] = pathsOf[endpoint.serves];
  return {
    process: {
      url: endpoint.url,
      presented: 'nothing',
      pages: [{ path, outcome: 'failed', code, milliseconds: 0 }],
    },
  };
}

/** A page's text where it answered as a page does; /health says 503 when it is not healthy. */
function body(pages: readonly Page[], path: string): string | undefined {
  const answer = pages.find(({ observation }) => observation.path === path)?.answer;
  if (answer === undefined || (answer.status !== 200 && answer.status !== 503)) return undefined;
  return answer.body.toString('utf8');
}

function asMemberList({
  observation,
  answer,
}: Page): Omit<Seen<MemberListObservation>, 'url' | 'through'> {
  const { milliseconds, code = `HTTP_${observation.httpStatus ?? 0}` } = observation;
  const listed = answer?.status === 200 ? readPeerMembers(answer.body.toString('utf8')) : undefined;
  if (answer === undefined || listed === undefined) {
    return { outcome: 'failed', code, members: [], milliseconds };
  }
  const clusterId = answer.headers.get('x-etcd-cluster-id')?.slice(0, 32);
  return {
    outcome: 'answered',
    milliseconds,
    ...listed,
    ...(clusterId !== undefined && { clusterId }),
  };
}

/** /raft/probing gives the time to the nanosecond; a Date header only to the second. */
function clock(pages: readonly Page[]): { readonly clock?: ClockReading } {
  const probing = pages.find(({ observation }) => observation.path === '/raft/probing');
  const now = /"Now":"([^"]{10,64})"/.exec(probing?.answer?.body.toString('utf8') ?? '')?.[1];
  return (
    reading(probing, now, 1) ?? reading(pages[0], pages[0]?.answer?.headers.get('date'), 1000) ?? {}
  );
}

function reading(
  page: Page | undefined,
  text: string | undefined,
  resolutionMilliseconds: number,
): { readonly clock: ClockReading } | undefined {
  const time = Date.parse(text ?? '');
  if (page === undefined || Number.isNaN(time)) return undefined;
  const { askedAt, answeredAt } = page;
  const serverTime = new Date(time).toISOString();
  return { clock: { serverTime, askedAt, answeredAt, resolutionMilliseconds } };
}
