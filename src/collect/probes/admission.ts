import type { Admission, Endpoint } from '../../model/live.ts';
import { ask, type Asked } from './ask.ts';
import type { ReadyCredential } from './credentials.ts';
import type { Deadline } from './deadline.ts';
import { type Address, dial, since } from './dial.ts';
import { endpointTarget } from './surface.ts';
import { startTls, type TlsClient, type TlsState } from './tls-socket.ts';

/** Who tries to get in where. */
export interface Attempt {
  readonly endpoint: Endpoint;
  readonly address: Address;
  readonly credential: ReadyCredential;
  readonly version: '1.2' | '1.3';
  /** Whether the server asks for certificates at all, as far as its flight told. */
  readonly asksForCertificate: boolean;
}

export interface AdmissionAnswer {
  readonly admission: Admission;
  /** In TLS 1.3: whether the server handed out a session ticket. */
  readonly ticket: boolean;
}

type Ending = Pick<Admission, 'outcome'> & Partial<Admission>;

/**
 * Tries to be let in: TLS with that credential, then `GET /version`. Only an answer is admission, since
 * a TLS 1.3 client finishes its handshake before the server has judged it.
 */
export async function observeAdmission(
  attempt: Attempt,
  deadline: Deadline,
): Promise<AdmissionAnswer> {
  const started = performance.now();
  const { endpoint, credential, version } = attempt;
  const tried =
    credential.unusable === undefined
      ? await enter(attempt, deadline)
      : { ending: { outcome: 'unclear', code: credential.unusable } as const, ticket: false };

  return {
    ticket: tried.ticket,
    admission: {
      target: endpointTarget(endpoint),
      endpoint,
      presented: credential.presented,
      ...(credential.certificateFile !== undefined && {
        certificateFile: credential.certificateFile,
      }),
      ...(credential.owner !== undefined && { owner: credential.owner }),
      tlsVersion: version,
      milliseconds: since(started),
      ...tried.ending,
    },
  };
}

interface Tried {
  readonly ending: Ending;
  readonly ticket: boolean;
}

async function enter(attempt: Attempt, deadline: Deadline): Promise<Tried> {
  const tried = await knock(attempt, deadline, 'http/1.1');
  // A listener that is gRPC alone (--listen-client-http-urls) closes on HTTP/1.1, but speaks HTTP/2.
  const mayBeGrpc = tried.ending.outcome === 'closed' && attempt.endpoint.serves === 'client';
  if (!mayBeGrpc) return tried;
  const again = await knock(attempt, deadline, 'h2');
  return again.ending.outcome === 'admitted' ? again : tried;
}

async function knock(
  { endpoint, address, credential, version, asksForCertificate }: Attempt,
  deadline: Deadline,
  protocol: 'http/1.1' | 'h2',
): Promise<Tried> {
  const dialled = await dial(address, deadline);
  if (!dialled.ok) {
    return { ending: { outcome: 'unreachable', code: dialled.code }, ticket: false };
  }
  const localAddress = dialled.socket.localAddress;
  const client = startTls(dialled.socket, {
    context: credential.context(version),
    host: endpoint.host,
    // The peer port of etcd 3.4 and 3.5 dies on h2, so HTTP/1.1 goes without ALPN, which all accept.
    ...(protocol === 'h2' && { alpn: ['h2'] }),
  });
  const asked =
    protocol === 'h2'
      ? await greetHttp2(client, deadline)
      : await ask(client.socket, endpoint.host, '/version', deadline);
  client.socket.destroy();
  return {
    ending: {
      ...ending(asked, client.state, asksForCertificate),
      ...(localAddress !== undefined && { localAddress }),
    },
    ticket: client.state.ticket,
  };
}

/**
 * RFC 9110 15.6: a gateway in front could not reach the server behind it. etcd never answers
 * GET /version with these, so that nothing was proven of etcd.
 */
const gatewayFaults: ReadonlySet<number> = new Set([502, 503, 504]);

function ending(asked: Asked, state: TlsState, asksForCertificate: boolean): Ending {
  if (asked.ok) {
    const { status } = asked.answer;
    if (gatewayFaults.has(status)) {
      return { outcome: 'unclear', code: `HTTP_${status}`, httpStatus: status };
    }
    return { outcome: 'admitted', ...(status !== noStatus && { httpStatus: status }) };
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

/** Stands for the answer of a server that has not been asked for a page. */
const noStatus = 0;

const http2Preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
  // An empty SETTINGS frame, RFC 9113 section 6.5.
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Says hello in HTTP/2; the server's SETTINGS are the answer that proves admission. */
async function greetHttp2({ socket }: TlsClient, deadline: Deadline): Promise<Asked> {
  let heard: Buffer = Buffer.alloc(0);
  return await new Promise((resolve) => {
    const lost = (code: string): void => {
      forget();
      resolve({ ok: false, code, heard: heard.length });
    };
    const forget = deadline.onEnd(lost);
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < 9) return;
      const isSettings = heard[3] === 4;
      if (!isSettings) return lost('NOT_HTTP2');
      forget();
      const headers = new Map<string, string>();
      const body = Buffer.alloc(0);
      return resolve({ ok: true, answer: { status: noStatus, headers, body, keepsAlive: true } });
    });
    socket.once('end', () => lost('CLOSED')).once('close', () => lost('CLOSED'));
    socket.write(http2Preface);
  });
}
