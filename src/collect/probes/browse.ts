import type { Socket } from 'node:net';
import type { PageObservation } from '../../model/live.ts';
import type { HttpAnswer } from '../wire/http-answer.ts';
import { ask, type Asked } from './ask.ts';
import type { ReadyCredential } from './credentials.ts';
import type { Deadline } from './deadline.ts';
import { type Address, dial, since } from './dial.ts';
import { startTls } from './tls-socket.ts';

/** A page and what came of it; the moments are of our own clock, in ISO 8601. */
export interface Page {
  readonly observation: PageObservation;
  readonly answer?: HttpAnswer;
  readonly askedAt: string;
  readonly answeredAt: string;
}

/** A connection over which pages were read, and others may be: the next to read closes it. */
export interface Begun {
  readonly socket?: Socket;
  readonly pages: readonly Page[];
}

export interface Visit {
  readonly address: Address;
  readonly host: string;
  /** Absent where the port speaks plain HTTP. */
  readonly credential?: ReadyCredential;
  readonly paths: readonly string[];
  /** What was read before, some of the pages or others, and the connection over which it came. */
  readonly begun?: Begun;
  /** Whether to leave out a page, by what those before it said. */
  readonly skips?: (path: string, before: readonly Page[]) => boolean;
}

/** Asks for pages one after another over as few connections as the server allows. */
export async function browse(
  { address, host, credential, paths, begun = { pages: [] }, skips = () => false }: Visit,
  deadline: Deadline,
): Promise<readonly Page[]> {
  // What proved that the client is accepted may be no page of this kind of port.
  const pages = begun.pages.filter(({ observation }) => paths.includes(observation.path));
  const read = new Set(pages.map(({ observation }) => observation.path));
  let { socket } = begun;
  for (const path of paths.filter((each) => !read.has(each))) {
    if (skips(path, pages)) continue;
    socket ??= await connect(address, host, credential, deadline);
    const { page } = await readPage(socket, host, path, deadline);
    pages.push(page);
    if (!mayFollow(page)) {
      socket?.destroy();
      socket = undefined;
    }
    // A server that answers one request with nothing will not answer the next one either.
    if (page.answer === undefined) break;
  }
  socket?.destroy();
  return pages;
}

/** Whether another page may be asked for over the same connection. */
export function mayFollow({ answer }: Page): boolean {
  return answer?.keepsAlive === true;
}

async function connect(
  address: Address,
  host: string,
  credential: ReadyCredential | undefined,
  deadline: Deadline,
): Promise<Socket | undefined> {
  const connection = await dial(address, deadline);
  if (!connection.ok) return undefined;
  if (credential === undefined) return connection.socket;
  return startTls(connection.socket, { context: credential.context('any'), host }).socket;
}

/** Asks for one page over a connection, or over none where none could be opened. */
export async function readPage(
  socket: Socket | undefined,
  host: string,
  path: string,
  deadline: Deadline,
): Promise<{ readonly asked: Asked; readonly page: Page }> {
  const started = performance.now();
  const askedAt = new Date().toISOString();
  const asked: Asked =
    socket === undefined
      ? { ok: false, code: deadline.code() ?? 'UNREACHABLE', heard: 0 }
      : await ask(socket, host, path, deadline);
  const milliseconds = since(started);
  const page: Page = {
    askedAt,
    answeredAt: new Date().toISOString(),
    observation: asked.ok
      ? { path, outcome: 'answered', httpStatus: asked.answer.status, milliseconds }
      : { path, outcome: 'failed', code: asked.code, milliseconds },
    ...(asked.ok && { answer: asked.answer }),
  };
  return { asked, page };
}
