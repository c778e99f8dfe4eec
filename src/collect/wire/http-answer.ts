import { type BodyReader, chunkedBody, endlessBody, sizedBody } from './http-body.ts';
import { WireViolation } from './violation.ts';

/** An answer of HTTP/1.x as it arrived. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; the first of a name counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: boolean;
}

export interface HttpAnswerReader {
  /** The answer once it is complete. Throws a WireViolation at what is no HTTP or has no end. */
  push(chunk: Buffer): HttpAnswer | undefined;
  /** The connection ended: what an answer without a length was waiting for. */
  end(): HttpAnswer | undefined;
}

export interface HttpLimits {
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** etcd's largest page is /metrics with some 150 kB. */
const httpLimits: HttpLimits = { headBytes: 16 * 1024, bodyBytes: 2 * 1024 * 1024 };

type Head = Pick<HttpAnswer, 'status' | 'headers' | 'keepsAlive'>;

/** Reads one answer, which must fit the limits. */
export function createHttpAnswerReader(limits: HttpLimits = httpLimits): HttpAnswerReader {
  let beginning: Buffer = Buffer.alloc(0);
  let open: { readonly head: Head; readonly body: BodyReader } | undefined;
  let bodyBytes = 0;

  function read(bytes: Buffer): HttpAnswer | undefined {
    if (open === undefined) return undefined;
    bodyBytes += bytes.length;
    if (bodyBytes > limits.bodyBytes) throw new WireViolation('BODY_TOO_LONG');
    const body = open.body.push(bytes);
    return body === undefined ? undefined : { ...open.head, body };
  }

  return {
    push(chunk) {
      if (open !== undefined) return read(chunk);
      beginning = Buffer.concat([beginning, chunk]);
      const end = headEnd(beginning, limits.headBytes);
      if (end === undefined) return undefined;
      const head = readHead(beginning.subarray(0, end));
      open = { head, body: bodyOf(head, limits.bodyBytes) };
      return read(beginning.subarray(end + 4));
    },
    end() {
      const body = open?.body.end();
      return open === undefined || body === undefined ? undefined : { ...open.head, body };
    },
  };
}

function headEnd(bytes: Buffer, limit: number): number | undefined {
  const start = bytes.subarray(0, 5).toString('latin1');
  if (!'HTTP/'.startsWith(start)) throw new WireViolation('NOT_HTTP');
  const end = bytes.indexOf('\r\n\r\n');
  if (end > limit || (end < 0 && bytes.length > limit)) throw new WireViolation('HEADERS_TOO_LONG');
  return end < 0 ? undefined : end;
}

function readHead(bytes: Buffer): Head {
  const [statusLine = '', ...lines] = bytes.toString('latin1').split('\r\n');
  const [, minor, status] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/.exec(statusLine) ?? [];
  if (status === undefined) throw new WireViolation('NOT_HTTP');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  const keepsAlive = minor === '1' && headers.get('connection')?.toLowerCase() !== 'close';
  return { status: Number(status), headers, keepsAlive };
}

function bodyOf(head: Head, limit: number): BodyReader {
  // RFC 9110 section 6.4.1: these never have content.
  if (head.status < 200 || head.status === 204 || head.status === 304) return sizedBody(0);
  if (isChunked(head)) return chunkedBody();
  const length = lengthOf(head);
  if (length === undefined) return endlessBody();
  if (length > limit) throw new WireViolation('BODY_TOO_LONG');
  return sizedBody(length);
}

function isChunked({ headers }: Head): boolean {
  return headers.get('transfer-encoding')?.toLowerCase() === 'chunked';
}

function lengthOf({ headers }: Head): number | undefined {
  const text = headers.get('content-length');
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new WireViolation('NOT_HTTP');
  return Number(text);
}
