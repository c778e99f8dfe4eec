import { uint8, uint24 } from './bytes.ts';
import type { Hello } from './client-hello.ts';
import { type KeyAgreement, openHandshakeRecords, type RecordOpener } from './key-schedule.ts';
import { messageName, messageType, recordType, versionNumbers } from './numbers.ts';
import { createRecordReader, type TlsRecord } from './records.ts';
import {
  type CertificateList,
  type CertificateRequest,
  type KeyExchange,
  readCertificateList,
  readCertificateRequest,
  readEncryptedExtensions,
  readKeyExchange,
  readServerHello,
  readSignatureAlgorithm,
  type ServerHello,
} from './server-messages.ts';
import { WireViolation } from './violation.ts';
import { type HandshakeMessage } from '../../model/live.ts';

/** All that a server has said in a handshake so far. */
export interface Flight {
  hello?: ServerHello;
  alpn?: string;
  certificates?: CertificateList;
  certificateRequest?: CertificateRequest;
  keyExchange?: KeyExchange;
  /** Of the server's CertificateVerify or ServerKeyExchange. */
  signatureAlgorithm?: number;
  alert?: number;
  /** The server has said all it says before the client's turn. */
  complete: boolean;
  readonly messages: Pick<HandshakeMessage, 'name' | 'alert' | 'bytes'>[];
}

export interface FlightReader {
  readonly flight: Flight;
  /** Throws a WireViolation at what no honest server sends. */
  push(chunk: Buffer): void;
}

/** What we said, and what we can therefore be answered. */
export interface OurTurn {
  readonly offered: Hello;
  /** The ClientHello as sent. */
  readonly message: Buffer;
  readonly agreement: KeyAgreement | undefined;
}

// Go's maxHandshakeCertificateMsg; every other message is shorter.
const longestMessage = 262_144;
const mostMessages = 32;

// RFC 5246 section 7.2.
const warning = 1;
const closeNotify = 0;

/** Reads a server's flight of TLS 1.0 to 1.3 from the bytes that follow on our ClientHello. */
export function createFlightReader({ offered, message, agreement }: OurTurn): FlightReader {
  const flight: Flight = { complete: false, messages: [] };
  const records = createRecordReader();
  let open: RecordOpener | undefined;
  let pending: Buffer = Buffer.alloc(0);

  function note(seen: Flight['messages'][number]): void {
    if (flight.messages.length >= mostMessages) throw new WireViolation('TOO_MANY_MESSAGES');
    flight.messages.push(seen);
  }

  function receive({ type, fragment }: Pick<TlsRecord, 'type' | 'fragment'>): void {
    if (type === recordType.alert) {
      const [level, alert = 0] = fragment;
      note({ name: `Alert ${alert}`, alert, bytes: fragment.length });
      // RFC 6066 section 3: unrecognized_name may come as a warning, and the handshake goes on.
      if (level !== warning || alert === closeNotify) flight.alert = alert;
    } else if (type === recordType.handshake) {
      pending = Buffer.concat([pending, fragment]);
      for (let one = next(); one !== undefined; one = next()) read(one);
    }
  }

  function next(): Message | undefined {
    if (pending.length < 4) return undefined;
    const length = pending.readUIntBE(1, 3);
    if (length > longestMessage) throw new WireViolation('MESSAGE_TOO_LONG');
    if (pending.length < 4 + length) return undefined;
    const complete = { type: pending.readUInt8(0), body: pending.subarray(4, 4 + length) };
    pending = pending.subarray(4 + length);
    return complete;
  }

  function read({ type, body }: Message): void {
    note({ name: messageName(type), bytes: 4 + body.length });
    takeIn(flight, type, body);
    if (type === messageType.serverHello) {
      refuseUnasked(flight.hello, offered);
      open = opener(flight.hello, agreement, [message, uint8(type), uint24(body.length), body]);
    }
  }

  return {
    flight,
    push(chunk) {
      for (const record of records.push(chunk)) {
        if (flight.complete || flight.alert !== undefined) return;
        receive(open !== undefined && record.type === recordType.data ? open(record) : record);
      }
    },
  };
}

interface Message {
  readonly type: number;
  readonly body: Buffer;
}

/** RFC 8446 section 4.1.3: a server chooses among what it was offered. An older version is its good right. */
function refuseUnasked(hello: ServerHello | undefined, offered: Hello): void {
  if (hello === undefined) return;
  if (hello.version > versionNumbers[offered.version]) {
    throw new WireViolation('VERSION_NOT_OFFERED');
  }
  if (!offered.cipherSuites.includes(hello.cipherSuite)) {
    throw new WireViolation('SUITE_NOT_OFFERED');
  }
}

function takeIn(flight: Flight, type: number, body: Buffer): void {
  if (type === messageType.serverHello) {
    if (flight.hello !== undefined) throw new WireViolation('MESSAGE_UNEXPECTED');
    flight.hello = readServerHello(body);
    if (flight.hello.alpn !== undefined) flight.alpn = flight.hello.alpn;
    // After a HelloRetryRequest it is the client's turn.
    flight.complete = flight.hello.isRetry;
    return;
  }
  if (flight.hello === undefined) throw new WireViolation('MESSAGE_UNEXPECTED');
  takeInAfterHello(flight, type, body, flight.hello.version);
}

function takeInAfterHello(flight: Flight, type: number, body: Buffer, version: number): void {
  switch (type) {
    case messageType.encryptedExtensions:
      Object.assign(flight, readEncryptedExtensions(body));
      return;
    case messageType.certificate:
      flight.certificates = readCertificateList(body, version);
      return;
    case messageType.certificateRequest:
      flight.certificateRequest = readCertificateRequest(body, version);
      return;
    case messageType.serverKeyExchange:
      flight.keyExchange = readKeyExchange(body);
      if (version === versionNumbers['1.2'] && flight.keyExchange.signatureAlgorithm !== undefined)
        flight.signatureAlgorithm = flight.keyExchange.signatureAlgorithm;
      return;
    case messageType.certificateVerify:
      flight.signatureAlgorithm = readSignatureAlgorithm(body);
      return;
    case messageType.serverHelloDone:
    case messageType.finished:
      flight.complete = true;
  }
}

function opener(
  hello: ServerHello | undefined,
  agreement: KeyAgreement | undefined,
  hellos: readonly Buffer[],
): RecordOpener | undefined {
  if (hello?.version !== versionNumbers['1.3'] || hello.isRetry) return undefined;
  if (agreement === undefined) return undefined;
  const { group, publicKey, cipherSuite } = hello;
  if (group === undefined || publicKey === undefined) {
    throw new WireViolation('GROUP_NOT_OFFERED');
  }
  const secret = agreement.agree(group, publicKey);
  return openHandshakeRecords(cipherSuite, secret, Buffer.concat(hellos));
}
