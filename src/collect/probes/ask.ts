import type { Socket } from 'node:net';
import { createHttpAnswerReader, type HttpAnswer } from '../wire/http-answer.ts';
import { WireViolation } from '../wire/violation.ts';
import type { Deadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import { bracketed, withoutZone } from '../../model/host.ts';

export type Asked =
  | { readonly ok: true; readonly answer: HttpAnswer }
  /** `CLOSED` when the connection ended instead; `heard` counts the bytes that came. */
  | { readonly ok: false; readonly code: string; readonly heard: number };

/** Asks for one page over HTTP/1.1 and reads the answer. Resolves whatever happens. */
export async function ask(
  socket: Socket,
  host: string,
  path: string,
  deadline: Deadline,
): Promise<Asked> {
  const reader = createHttpAnswerReader();
  let heard = 0;

  return await new Promise((resolve) => {
    function settle(asked: Asked): void {
      forget();
      socket.off('data', read).off('end', end).off('close', end).off('error', fail);
      resolve(asked);
    }
    const lost = (code: string): void => settle({ ok: false, code, heard });
    function read(chunk: Buffer): void {
      heard += chunk.length;
      try {
        const answer = reader.push(chunk);
        if (answer !== undefined) settle({ ok: true, answer });
      } catch (error) {
        lost(error instanceof WireViolation ? error.code : errorCode(error));
      }
    }
    function end(): void {
      const answer = reader.end();
      if (answer === undefined) lost('CLOSED');
      else settle({ ok: true, answer });
    }
    const fail = (error: Error): void => lost(errorCode(error));

    const forget = deadline.onEnd(lost);
    socket.on('data', read).once('end', end).once('close', end).once('error', fail);
    if (socket.destroyed) end();
    else socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostHeader(host)}\r\n\r\n`);
  });
}

function hostHeader(host: string): string {
  return bracketed(withoutZone(host));
}
