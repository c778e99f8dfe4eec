import type { Socket } from 'node:net';
import type { Admission, Endpoint, Seen } from '../../model/live.ts';
import type { Asked } from './ask.ts';
import { type Begun, mayFollow, readPage } from './browse.ts';
import type { ReadyCredential } from './credentials.ts';
import { defined } from '../../model/defined.ts';
import type { Deadline } from './deadline.ts';
import { type Address, dial, since } from './dial.ts';
import { isOfEtcd, originOf, refusesCertificate } from './etcd-answer.ts';
import { startTls, type TlsState } from './tls-socket.ts';

/** Who tries to get in where. */
export interface Attempt {
  readonly endpoint: Endpoint;
  readonly address: Address;
  readonly credential: ReadyCredential;
  /** `any`: the newest that both sides have. */
  readonly version: '1.2' | '1.3' | 'any';
  /** Whether the server asks for certificates at all, by its flight. */
  readonly asksForCertificate: boolean;
  /** Where to put the connection if etcd answered and another page may follow; it is closed otherwise. */
  readonly kept?: Set<Socket>;
}

export interface AdmissionAnswer {
  readonly admission: Seen<Admission>;
  /** In TLS 1.3: whether the server handed out a session ticket. */
  readonly ticket: boolean;
  /** The connection that was left open. */
  readonly begun?: Begun;
}

type Ending = Pick<Admission, 'outcome' | 'tlsVersion'> & Partial<Admission>;

/**
 * Tries to get an answer of etcd: TLS with that credential, then `GET /version`. Only an answer is
 * admission, since a TLS 1.3 client finishes its handshake before the server has judged it.
 */
export async function observeAdmission(
  attempt: Attempt,
  deadline: Deadline,
): Promise<AdmissionAnswer> {
  const started = performance.now();
  const { endpoint, credential, version } = attempt;
  const { presented, unusable, certificateFile, leaf } = credential;
  const tlsVersion = version === 'any' ? '1.3' : version;
  const tried: Tried =
    unusable === undefined
      ? await enter(attempt, deadline)
      : { ending: { outcome: 'unclear', code: unusable, tlsVersion }, ticket: false };

  const { ticket, begun } = tried;
  return {
    ticket,
    ...(begun !== undefined && { begun }),
    admission: {
      url: endpoint.url,
      presented,
      ...(certificateFile !== undefined && { certificateFile }),
      ...(leaf !== undefined && { certificateSha256: leaf.sha256 }),
      milliseconds: since(started),
      ...tried.ending,
    },
  };
}

interface Tried extends Pick<AdmissionAnswer, 'ticket' | 'begun'> {
  readonly ending: Ending;
}

async function enter(attempt: Attempt, deadline: Deadline): Promise<Tried> {
  const tried = await knock(attempt, deadline);
  if (attempt.endpoint.serves !== 'client' || !mayBeGrpc(tried.ending)) return tried;
  const answer = await callOverGrpc(attempt, deadline);
  return { ...tried, ending: afterCall(tried.ending, answer) };
}

/**
 * A listener that is gRPC alone (--listen-client-http-urls) closes on HTTP/1.1, and etcd's own gRPC proxy
 * has no page /version.
 */
function mayBeGrpc({ outcome, httpStatus = 0 }: Ending): boolean {
  return outcome === 'closed' || (outcome === 'unclear' && httpStatus > 0 && httpStatus < 500);
}

async function callOverGrpc(
  { address, endpoint: { host }, credential, version }: Attempt,
  deadline: Deadline,
): Promise<string> {
  const { callEtcd } = await import('../rpc/answers-as-etcd.ts');
  return await callEtcd(
    { address, host, tls: { context: credential.context(version), host } },
    deadline,
  );
}

function afterCall(before: Ending, answer: string): Ending {
  if (answer === 'answered') {
    const { code: _code, ...rest } = before;
    return { ...rest, outcome: 'admitted' };
  }
  // A server that ends HTTP/1.1 and then speaks HTTP/2 has not rejected the client.
  return before.outcome === 'closed' && !isGone(answer)
    ? { ...before, outcome: 'unclear', code: answer }
    : before;
}

async function knock(
  { endpoint, address, credential, version, asksForCertificate, kept }: Attempt,
  deadline: Deadline,
): Promise<Tried> {
  const newest = version === 'any' ? '1.3' : version;
  const connection = await dial(address, deadline);
  if (!connection.ok) {
    const { code } = connection;
    return { ending: { outcome: 'unreachable', code, tlsVersion: newest }, ticket: false };
  }
  const localAddress = connection.socket.localAddress;
  // Without ALPN, which all accept: the peer port of etcd 3.4 and 3.5 dies on h2.
  const { socket, state } = startTls(connection.socket, {
    context: credential.context(version),
    host: endpoint.host,
  });
  const { asked, page } = await readPage(socket, endpoint.host, '/version', deadline);
  const ended = howItEnded(endpoint, asked, state, asksForCertificate);
  const tlsVersion = state.version ?? newest;
  const leafSha256 = state.evidence?.leafSha256;
  const { ticket } = state;
  const ending: Ending = {
    ...ended,
    tlsVersion: tlsVersion === '1.2' ? '1.2' : '1.3',
    ...defined({ localAddress, leafSha256 }),
  };
  if (kept !== undefined && ended.outcome === 'admitted' && mayFollow(page)) {
    kept.add(socket);
    return { ending, ticket, begun: { socket, pages: [page] } };
  }
  socket.destroy();
  return { ending, ticket };
}

function howItEnded(
  endpoint: Endpoint,
  asked: Asked,
  state: TlsState,
  asksForCertificate: boolean,
): Omit<Ending, 'tlsVersion'> {
  if (asked.ok) {
    const { answer } = asked;
    const httpStatus = answer.status;
    const origin = originOf(endpoint, answer);
    if (isOfEtcd(endpoint, answer)) return { outcome: 'admitted', httpStatus, ...origin };
    return {
      outcome: refusesCertificate(answer) ? 'refused' : 'unclear',
      code: `HTTP_${httpStatus}`,
      httpStatus,
      ...origin,
    };
  }
  if (state.alert !== undefined) {
    const outcome = isRefusal(state.alert, asksForCertificate) ? 'refused' : 'unclear';
    return { outcome, alert: state.alert, code: `ALERT_${state.alert}` };
  }
  // OpenSSL's own complaint is more precise than the bare end that follows on it.
  const code = state.code ?? asked.code;
  const wasShown = state.handshake === 'done' && asked.heard === 0;
  return { outcome: wasShown && isGone(code) ? 'closed' : 'unclear', code };
}

/** How it looks when a server hangs up; a reset is what becomes of an end with our request unread. */
function isGone(code: string): boolean {
  return code === 'CLOSED' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** RFC 8446 section 6.2. Alert 40 says that a certificate is missing (Go 1.26, TLS 1.2) or that no suite is shared. */
function isRefusal(alert: number, asksForCertificate: boolean): boolean {
  const aboutCertificates = [41, 42, 43, 44, 45, 46, 48, 49, 116];
  return aboutCertificates.includes(alert) || (alert === 40 && asksForCertificate);
}
