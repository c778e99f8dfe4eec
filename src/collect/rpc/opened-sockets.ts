import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/**
 * The TCP sockets that a library opens during a task. grpc-js leaves a socket open when its channel is closed before
 * TCP or TLS is established, and a server that never answers then keeps this process from ending.
 */
export interface OpenedSockets {
  /** Does something that may open sockets, at once or later on. */
  during<Result>(task: () => Result): Result;
  /** Leaves them to the library. */
  release(): void;
  destroy(): void;
}

const openedNow = new AsyncLocalStorage<Set<Socket>>();

subscribe('net.client.socket', (message) => {
  const opened = openedNow.getStore();
  if (opened === undefined || typeof message !== 'object' || message === null) return;
  if ('socket' in message && message.socket instanceof Socket) opened.add(message.socket);
});

export function watchSockets(): OpenedSockets {
  const opened = new Set<Socket>();
  return {
    during: (task) => openedNow.run(opened, task),
    release: () => opened.clear(),
    destroy() {
      for (const socket of opened) socket.destroy();
    },
  };
}
