import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { ConnectionEvidence } from '../../model/live.ts';
import { alertNumber, errorCode } from './error-code.ts';
import { isIpAddress, withoutZone } from '../../model/host.ts';

/** How a TLS connection has gone so far. */
export interface TlsState {
  handshake: 'pending' | 'done';
  /** The server ended the connection without an alert. */
  closed: boolean;
  /** In TLS 1.3 a ticket comes after the server has judged the client. */
  ticket: boolean;
  alert?: number;
  code?: string;
  /** The version that was agreed on, `1.3`; absent before the server has spoken. */
  version?: string;
  evidence?: ConnectionEvidence;
}

export interface TlsClient {
  readonly socket: TLSSocket;
  readonly state: TlsState;
}

export interface TlsOptions {
  readonly context: SecureContext;
  /** What was dialled, for SNI. */
  readonly host: string;
  readonly alpn?: readonly string[];
}

/** Starts TLS on a connection and keeps the record. Never verifies the server: that is judged elsewhere. */
export function startTls(tcp: Socket, { context, host, alpn = [] }: TlsOptions): TlsClient {
  const state: TlsState = { handshake: 'pending', closed: false, ticket: false };
  const socket = connect({
    socket: tcp,
    secureContext: context,
    rejectUnauthorized: false,
    // An address as SNI is forbidden by RFC 6066, and Node warns about it.
    servername: isIpAddress(withoutZone(host)) ? '' : host,
    ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
  });
  socket.once('secureConnect', () => {
    state.handshake = 'done';
    state.evidence = evidenceOf(socket);
    state.version = state.evidence.tlsVersion;
  });
  socket.on('session', () => {
    state.ticket = true;
  });
  socket.once('end', () => {
    state.closed = true;
  });
  socket.on('error', (error) => {
    const alert = alertNumber(error);
    if (alert !== undefined) state.alert ??= alert;
    state.code ??= errorCode(error);
    const agreed = /^TLSv(1\.[23])$/.exec(socket.getProtocol() ?? '')?.[1];
    if (agreed !== undefined) state.version ??= agreed;
  });
  return { socket, state };
}

function evidenceOf(socket: TLSSocket): ConnectionEvidence {
  // OpenSSL is without the certificate afterwards, so only one may ask. getPeerCertificate takes it apart as well.
  const raw = socket.getPeerX509Certificate()?.raw;
  const { localAddress, alpnProtocol } = socket;
  return {
    tlsVersion: socket.getProtocol()?.replace('TLSv', '') ?? '',
    cipherSuite: socket.getCipher().standardName,
    ...(raw !== undefined && { leafSha256: createHash('sha256').update(raw).digest('hex') }),
    ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
    ...(localAddress !== undefined && { localAddress }),
  };
}
