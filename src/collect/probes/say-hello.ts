import type { Socket } from 'node:net';
import type { EndpointObservation, HandshakeMessage } from '../../model/live.ts';
import { clientHello, farewell, firstRecord, type Hello } from '../wire/client-hello.ts';
import { type FirstBytes, recognise } from '../wire/first-bytes.ts';
import { createFlightReader, type Flight, type FlightReader } from '../wire/flight.ts';
import { createKeyAgreement } from '../wire/key-schedule.ts';
import { versionNumbers } from '../wire/numbers.ts';
import { WireViolation } from '../wire/violation.ts';
import type { Deadline } from './deadline.ts';
import { type Address, dial, since } from './dial.ts';

/** What came back to one ClientHello. */
export interface HelloAnswer {
  readonly speaks: EndpointObservation['speaks'];
  readonly flight: Flight;
  /** How it ended where it ended badly: `TIMEOUT`, `CLOSED`, `ECONNREFUSED`, `ALERT_70`… */
  readonly code?: string;
  readonly violation?: string;
  /** The first bytes of what is no TLS. */
  readonly sample?: Buffer;
  readonly messages: readonly HandshakeMessage[];
  /** Absent when there was no connection. */
  readonly connectMilliseconds?: number;
  /** From the connection on; absent when nothing came. */
  readonly firstBytesMilliseconds?: number;
  /** From the connection on. */
  readonly milliseconds: number;
}

export interface Question {
  readonly address: Address;
  readonly hello: Hello;
  /** Whether the ServerHello is all that is asked for. */
  readonly until: 'server-hello' | 'flight';
}

/** Says hello on a connection of its own, listens, and leaves without a key or a certificate shown. */
export async function sayHello(question: Question, deadline: Deadline): Promise<HelloAnswer> {
  const connection = await dial(question.address, deadline);
  if (!connection.ok) {
    return { ...unreachableAnswer(connection.code), milliseconds: connection.milliseconds };
  }
  const answer = await converse(connection.socket, question, deadline);
  return { ...answer, connectMilliseconds: connection.milliseconds };
}

/** The answer of a host that could not be connected to. */
function unreachableAnswer(code: string): HelloAnswer {
  const flight = { complete: false, messages: [] };
  return { speaks: 'unreachable', flight, code, messages: [], milliseconds: 0 };
}

async function converse(
  socket: Socket,
  { hello, until }: Question,
  deadline: Deadline,
): Promise<HelloAnswer> {
  const agreement =
    hello.version === '1.3' && until === 'flight' ? createKeyAgreement() : undefined;
  const message = clientHello({ keyShares: agreement?.shares ?? [], ...hello });
  const reader = createFlightReader({ offered: hello, message, agreement });
  const started = performance.now();
  const answerReader = createAnswerReader(reader, message.length, started);

  return await new Promise((resolve) => {
    const forget = deadline.onEnd((code) => settle(answerReader.answer(code)));
    function settle(answer: HelloAnswer): void {
      forget();
      leave(socket, answer);
      resolve(answer);
    }

    socket.on('data', (chunk: Buffer) => {
      const answer = answerReader.receive(chunk, until);
      if (answer !== undefined) settle(answer);
    });
    socket.once('end', () => settle(answerReader.answer('CLOSED')));
    socket.once('error', ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) =>
      settle(answerReader.answer(code)),
    );
    socket.once('close', () => settle(answerReader.answer('CLOSED')));
    socket.write(firstRecord(message));
  });
}

/** What has been heard on one connection, turned into an answer whenever it ends. */
function createAnswerReader(reader: FlightReader, helloLength: number, started: number) {
  const { flight } = reader;
  const messages: HandshakeMessage[] = [
    { from: 'client', name: 'ClientHello', bytes: helloLength, milliseconds: 0 },
  ];
  let heard: Buffer = Buffer.alloc(0);
  let kind: FirstBytes = 'undecided';
  let firstBytesMilliseconds: number | undefined;

  function answer(code?: string, violation?: string): HelloAnswer {
    const isTls = kind === 'tls' || kind === 'tls-alert';
    return {
      speaks: speaks(kind, heard.length, code, flight),
      flight,
      messages,
      milliseconds: since(started),
      ...(code !== undefined && { code }),
      ...(violation !== undefined && { violation }),
      ...(firstBytesMilliseconds !== undefined && { firstBytesMilliseconds }),
      ...(!isTls && heard.length > 0 && { sample: heard.subarray(0, 60) }),
    };
  }

  function read(chunk: Buffer): HelloAnswer | undefined {
    const before = flight.messages.length;
    try {
      reader.push(chunk);
    } catch (error) {
      if (!(error instanceof WireViolation)) throw error;
      return answer('VIOLATION', error.code);
    } finally {
      const milliseconds = since(started);
      messages.push(
        ...flight.messages
          .slice(before)
          .map((it) => ({ from: 'server' as const, ...it, milliseconds })),
      );
    }
    return flight.alert === undefined ? undefined : answer(`ALERT_${flight.alert}`);
  }

  return {
    answer,
    /** An answer as soon as there is nothing more to receive. */
    receive(chunk: Buffer, until: Question['until']) {
      firstBytesMilliseconds ??= since(started);
      const known = kind;
      if (known === 'undecided') {
        heard = Buffer.concat([heard, chunk]);
        kind = recognise(heard);
      }
      if (kind === 'undecided') return undefined;
      if (kind !== 'tls' && kind !== 'tls-alert') return answer('NOT_TLS');

      const ended = read(known === 'undecided' ? heard : chunk);
      if (ended !== undefined) return ended;
      const enough = until === 'server-hello' ? flight.hello !== undefined : flight.complete;
      return enough ? answer() : undefined;
    },
  };
}

function speaks(
  kind: FirstBytes,
  bytes: number,
  code: string | undefined,
  flight: Flight,
): HelloAnswer['speaks'] {
  if (kind === 'tls' || kind === 'tls-alert') {
    return flight.hello === undefined && flight.alert !== undefined ? 'tls-alert' : 'tls';
  }
  if (kind !== 'undecided') return kind;
  if (bytes > 0) return 'unknown';
  if (code === 'CLOSED') return 'closed';
  return code === 'TIMEOUT' || code === 'ABORTED' ? 'silence' : 'reset';
}

/**
 * In TLS 1.2 an alert in clear is the polite way out. In TLS 1.3 the server reads under keys already
 * and Go would log "bad record MAC", so there a plain FIN has to do.
 */
function leave(socket: Socket, { flight, code }: HelloAnswer): void {
  if (code !== undefined) {
    socket.destroy();
    return;
  }
  if (flight.hello !== undefined && flight.hello.version < versionNumbers['1.3']) {
    socket.write(farewell);
  }
  socket.destroySoon();
}
