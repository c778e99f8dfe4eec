import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { since } from './dial.ts';
import { alertNumber, errorCode } from './error-code.ts';

/** How a TLS connection has gone so far. */
export interface TlsState {
  handshake: 'pending' | 'done';
  /** The server ended the connection without an alert. */
  closed: boolean;
  /** In TLS 1.3 a ticket comes after the server has judged the client. */
  ticket: boolean;
  alert?: number;
  code?: string;
  handshakeMilliseconds?: number;
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
  const started = performance.now();
  const state: TlsState = { handshake: 'pending', closed: false, ticket: false };
  const socket = connect({
    socket: tcp,
    secureContext: context,
    rejectUnauthorized: false,
    // An address as SNI is forbidden by RFC 6066, and Node warns about it.
    servername: isIP(host) === 0 ? host : '',
    ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
  });
  socket.once('secureConnect', () => {
    state.handshake = 'done';
    state.handshakeMilliseconds = since(started);
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
  });
  return { socket, state };
}
