import { Client, Metadata, status } from '@grpc/grpc-js';
import type { ConnectionEvidence } from '../../model/live.ts';
import type { Deadline } from '../probes/deadline.ts';
import type { Address } from '../probes/dial.ts';
import type { TlsOptions } from '../probes/tls-socket.ts';
import { WireViolation } from '../wire/violation.ts';
import { EvidenceCredentials } from './evidence-credentials.ts';
import { watchSockets } from './opened-sockets.ts';
import { joinHostPort } from '../../model/host.ts';

/** One gRPC connection to one member. */
export interface Channel extends Disposable {
  /** What the connection showed; absent before it was established. */
  evidence(): ConnectionEvidence | undefined;
  /** Calls a method, without arguments unless there is a request message. Resolves whatever happens. */
  call<Reply>(
    method: string,
    read: (bytes: Buffer) => Reply,
    request?: Buffer,
  ): Promise<Called<Reply>>;
}

export type Called<Reply> =
  | { readonly ok: true; readonly reply: Reply }
  /** The stage's code where the connection failed, else gRPC's status name. */
  | { readonly ok: false; readonly code: string; readonly detail?: string };

export interface ChannelTarget {
  readonly address: Address;
  /** What the operator wrote, for the authority of the calls. */
  readonly host: string;
  /** Absent for a plain http endpoint. */
  readonly tls?: TlsOptions;
}

/** Opens nothing yet: grpc-js connects at the first call, once, and never again. */
export function openChannel({ address, host, tls }: ChannelTarget, deadline: Deadline): Channel {
  const credentials = new EvidenceCredentials(tls);
  const client = new Client(targetUri(address), credentials, {
    'grpc.default_authority': joinHostPort(host, address.port),
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 600_000,
    'grpc.min_reconnect_backoff_ms': 600_000,
    'grpc.max_receive_message_length': 4 * 1024 * 1024,
    'grpc.max_metadata_size': 16 * 1024,
  });
  const forget = deadline.onEnd(() => client.close());
  const sockets = watchSockets();
  let hasAnswered = false;

  return {
    [Symbol.dispose]() {
      forget();
      client.close();
      if (hasAnswered) sockets.release();
      else sockets.destroy();
    },
    evidence: () => credentials.state?.evidence,
    async call<Reply>(
      method: string,
      read: (bytes: Buffer) => Reply,
      request: Buffer = Buffer.alloc(0),
    ) {
      const called = await new Promise<Called<Reply>>((resolve) => {
        const call = sockets.during(() =>
          client.makeUnaryRequest(
            method,
            (argument: Buffer) => argument,
            (bytes: Buffer) => readSafely(bytes, read),
            request,
            new Metadata(),
            // Our own deadline cancels the call; gRPC's would not know how busy this process is.
            { deadline: Date.now() + deadline.left() + 60_000 },
            (error, reply) => {
              cancelled();
              if (error !== null) resolve(failure(error, credentials, deadline));
              else resolve(reply ?? { ok: false, code: 'EMPTY_ANSWER' });
            },
          ),
        );
        const cancelled = deadline.onEnd(() => call.cancel());
      });
      hasAnswered ||= called.ok || called.detail !== undefined;
      return called;
    },
  };
}

function readSafely<Reply>(bytes: Buffer, read: (bytes: Buffer) => Reply): Called<Reply> {
  try {
    return { ok: true, reply: read(bytes) };
  } catch (error) {
    if (error instanceof WireViolation) return { ok: false, code: error.code };
    throw error;
  }
}

/** Whatever happened before gRPC is reported by its own code; grpc-js calls all of it UNAVAILABLE. */
function failure(
  error: { readonly code: status; readonly details: string },
  { state, connected }: EvidenceCredentials,
  deadline: Deadline,
): Called<never> {
  const ended = deadline.code();
  if (ended !== undefined) return { ok: false, code: ended };
  const isOurs = error.code !== status.UNAVAILABLE && error.code !== status.INTERNAL;
  if (isOurs) {
    return { ok: false, code: status[error.code], detail: error.details.slice(0, 256) };
  }
  return { ok: false, code: connectionCode(state, connected) ?? status[error.code] };
}

function connectionCode(
  state: EvidenceCredentials['state'],
  connected: boolean,
): string | undefined {
  if (!connected) return 'UNREACHABLE';
  if (state === undefined) return undefined;
  if (state.alert !== undefined) return `ALERT_${state.alert}`;
  return state.code ?? (state.closed ? 'CLOSED' : undefined);
}

function targetUri({ address, port }: Address): string {
  return `${address.includes(':') ? 'ipv6' : 'ipv4'}:${joinHostPort(address, port)}`;
}
