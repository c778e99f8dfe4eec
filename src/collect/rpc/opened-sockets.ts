import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/**
 * The TCP sockets that a library opens during a task. grpc-js leaves a socket open when its channel is closed before
 * TCP or TLS stands, and a server that never answers then keeps this process from ending.
 */
export interface OpenedSockets {
  /** Does something that may open sockets, at once or later on. */
  during<Result>(task: () => Result): Result;
  /** Leaves them to the library. */
  release(): void;
  destroy(): void;
}

const clientSocket = 'net.client.socket';

export function watchSockets(): OpenedSockets {
  const isDuring = new AsyncLocalStorage<true>();
  const opened = new Set<Socket>();
  const note = (message: unknown): void => {
    if (isDuring.getStore() !== true || typeof message !== 'object' || message === null) return;
    if ('socket' in message && message.socket instanceof Socket) opened.add(message.socket);
  };
  subscribe(clientSocket, note);
  function release(): void {
    unsubscribe(clientSocket, note);
    isDuring.disable();
    opened.clear();
  }
  return {
    during: (task) => isDuring.run(true, task),
    release,
    destroy() {
      for (const socket of opened) socket.destroy();
      release();
    },
  };
}
