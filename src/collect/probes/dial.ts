import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import type { Stage } from '../../model/live.ts';
import type { Deadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import { isIpAddress, withoutZone } from '../../model/host.ts';

/** Where to dial: an address, never a name, so that every probe of an endpoint reaches the same host. */
export interface Address {
  readonly address: string;
  readonly port: number;
}

export type DialResult =
  | { readonly ok: true; readonly socket: Socket; readonly milliseconds: number }
  | { readonly ok: false; readonly code: string; readonly milliseconds: number };

/** Opens a TCP connection. Resolves whatever happens; the deadline destroys the socket even later on. */
export async function dial({ address, port }: Address, deadline: Deadline): Promise<DialResult> {
  const started = performance.now();
  return await new Promise((resolve) => {
    const ended = deadline.code();
    if (ended !== undefined) {
      resolve({ ok: false, code: ended, milliseconds: 0 });
      return;
    }
    const socket = connect({ host: address, port, noDelay: true });
    const forget = deadline.onEnd((code) => {
      socket.destroy();
      resolve({ ok: false, code, milliseconds: since(started) });
    });
    socket.once('close', forget);
    socket.once('connect', () => resolve({ ok: true, socket, milliseconds: since(started) }));
    // Stays for as long as the socket lives: an error without a listener would end the process.
    socket.on('error', (error) =>
      resolve({ ok: false, code: errorCode(error), milliseconds: since(started) }),
    );
  });
}

export interface Resolution {
  readonly stage: Stage;
  readonly addresses: readonly string[];
  /** How many addresses the name has, where that is more than `addresses` holds. */
  readonly resolved?: number;
}

/** Addresses of one name that are connected to. */
const mostAddresses = 16;

/** Asks the operating system's resolver, as every ordinary program on this machine would. */
export async function resolveHost(host: string, deadline: Deadline): Promise<Resolution> {
  const started = performance.now();
  if (isIpAddress(withoutZone(host))) {
    return { stage: { name: 'resolve', outcome: 'ok', milliseconds: 0 }, addresses: [host] };
  }
  const answer = await new Promise<readonly string[] | string>((resolve) => {
    const forget = deadline.onEnd(resolve);
    lookup(host, { all: true })
      .then((found) => resolve(found.map(({ address }) => address)))
      .catch((error: unknown) => resolve(errorCode(error)))
      .finally(forget);
  });
  const milliseconds = since(started);
  if (typeof answer === 'string') {
    const stage: Stage = { name: 'resolve', outcome: 'failed', milliseconds, code: answer };
    return { stage, addresses: [] };
  }
  return {
    stage: { name: 'resolve', outcome: 'ok', milliseconds },
    addresses: answer.slice(0, mostAddresses),
    ...(answer.length > mostAddresses && { resolved: answer.length }),
  };
}

/** Milliseconds since a moment of performance.now(), to the tenth. */
export function since(moment: number): number {
  return Math.round((performance.now() - moment) * 10) / 10;
}
