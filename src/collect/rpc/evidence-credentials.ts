import type { Socket } from 'node:net';
import { CallCredentials, ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { startTls, type TlsOptions, type TlsState } from '../probes/tls-socket.ts';

type Parameter<Index extends 0 | 1 | 2> = Parameters<
  ChannelCredentials['_createSecureConnector']
>[Index];
type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;

/**
 * Credentials that keep what the handshake showed, since grpc-js makes one text of every failure.
 *
 * A class because grpc-js takes nothing else; the underscored methods are its own extension points
 * from 1.12 on, and a test holds them to that.
 */
export class EvidenceCredentials extends ChannelCredentials {
  readonly #options: TlsOptions | undefined;
  /** How the latest connection went; absent until there is one, and without TLS. */
  state: TlsState | undefined;
  /** Whether TCP ever connected. */
  connected = false;

  constructor(options: TlsOptions | undefined) {
    super();
    this.#options = options;
  }

  override _isSecure(): boolean {
    return this.#options !== undefined;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(
    _target: Parameter<0>,
    _options: ChannelOptions,
    callCredentials?: Parameter<2>,
  ): Connector {
    return {
      connect: async (socket) => await this.#secure(socket),
      waitForReady: async () => await Promise.resolve(),
      getCallCredentials: () => callCredentials ?? CallCredentials.createEmpty(),
      destroy: () => undefined,
    };
  }

  async #secure(tcp: Socket): Promise<Awaited<ReturnType<Connector['connect']>>> {
    this.connected = true;
    const options = this.#options;
    if (options === undefined) return { socket: tcp, secure: false };
    const { socket, state } = startTls(tcp, { ...options, alpn: ['h2'] });
    this.state = state;
    return await new Promise((resolve, reject) => {
      socket.once('secureConnect', () => resolve({ socket, secure: true }));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed during the handshake')));
    });
  }
}
