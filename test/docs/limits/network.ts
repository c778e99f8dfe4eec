import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { createDeadline } from '../../../src/collect/probes/deadline.ts';
import { resolveHost } from '../../../src/collect/probes/dial.ts';
import { readPeerMembers } from '../../../src/collect/probes/page-json.ts';
import { readMemberListResponse } from '../../../src/collect/rpc/messages.ts';
import { uint16, uint8, vector16, vector24, vector8 } from '../../../src/collect/wire/bytes.ts';
import { tls12CipherSuites } from '../../../src/collect/wire/cipher-suites.ts';
import { clientHello, type Hello } from '../../../src/collect/wire/client-hello.ts';
import { createFlightReader } from '../../../src/collect/wire/flight.ts';
import { createHttpAnswerReader } from '../../../src/collect/wire/http-answer.ts';
import { createKeyAgreement } from '../../../src/collect/wire/key-schedule.ts';
import { isViolation } from '../../fuzz/violation.ts';
import { bytesField } from '../../collect/support/protobuf.ts';
import type { Limit } from './limit.ts';

const closed = 'the connection is closed, and what the server broke is reported';
const counted = 'counted, and the rest is not read';
const moreListed = 'an open question says how many were listed, and the result is not PASS';

/** What is read, or the code of what the server broke. */
function answerTo(run: () => object | number | undefined): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    if (!isViolation(error)) throw error;
    return String(error);
  }
}

const record = (fragment: Buffer, type = 22) =>
  Buffer.concat([uint8(type), uint16(0x0303), vector16(fragment)]);
const message = (type: number, body: Buffer = Buffer.alloc(0)) =>
  Buffer.concat([uint8(type), vector24(body)]);
const hello = message(
  2,
  Buffer.concat([
    uint16(0x0303),
    Buffer.alloc(32),
    vector8(),
    uint16(tls12CipherSuites[0] ?? 0),
    uint8(0),
    vector16(),
  ]),
);
const done = record(message(14));

/** What comes of a server that says hello, then this, then that it is done. */
const flight =
  (...records: readonly Buffer[]) =>
  () => {
    const offered: Hello = { version: '1.2', cipherSuites: tls12CipherSuites };
    const agreement = createKeyAgreement();
    return Promise.resolve(
      answerTo(() => {
        const reader = createFlightReader({ offered, message: clientHello(offered), agreement });
        reader.push(Buffer.concat([record(hello), ...records, done]));
        const { complete, certificates, certificateRequest } = reader.flight;
        const read = [certificates?.certificates, certificateRequest?.authorities];
        const sent = [certificates?.sent, certificateRequest?.sent];
        return { complete, sent, read: read.map((each) => each?.length) };
      }),
    );
  };

/** A long message in records of a lawful length. */
function inRecords(bytes: Buffer): readonly Buffer[] {
  const count = Math.ceil(bytes.length / 16_000);
  return Array.from({ length: count }, (_, index) =>
    record(bytes.subarray(index * 16_000, (index + 1) * 16_000)),
  );
}

const times = <Bytes>(count: number, bytes: Bytes) => Array.from({ length: count }, () => bytes);

const page = (text: string) => () =>
  Promise.resolve(
    answerTo(() => {
      const reader = createHttpAnswerReader();
      const answer = reader.push(Buffer.from(`HTTP/1.1 200 OK\r\n${text}`)) ?? reader.end();
      return answer?.status;
    }),
  );

const chunked = 'Transfer-Encoding: chunked\r\n\r\n';

async function nameOfTwentyAddresses(): Promise<string> {
  const addresses = times(20, { address: '10.0.0.1', family: 4 });
  const { lookup } = dns;
  Object.assign(dns, { lookup: () => Promise.resolve(addresses) });
  syncBuiltinESMExports();
  const deadline = createDeadline(5000);
  try {
    return JSON.stringify(await resolveHost('etcd.example', deadline));
  } finally {
    deadline.release();
    Object.assign(dns, { lookup });
    syncBuiltinESMExports();
  }
}

export const ofNetwork: readonly Limit[] = [
  {
    of: 'a TLS record',
    unit: 'bytes',
    file: 'collect/wire/records.ts',
    constant: 'longestFragment',
    why: 'RFC 8446, 5.2',
    beyond: closed,
    read: flight(record(message(22, Buffer.alloc(20_000)))),
    says: /RECORD_TOO_LONG/,
  },
  {
    of: 'a TLS flight',
    unit: 'bytes',
    file: 'collect/wire/records.ts',
    constant: 'bounds.bytes',
    why: 'Go reads certificates of half of it',
    beyond: closed,
    read: flight(...times(3, Buffer.concat(inRecords(message(22, Buffer.alloc(200_000)))))),
    says: /TOO_MANY_BYTES/,
  },
  {
    of: 'records of a TLS flight',
    file: 'collect/wire/records.ts',
    constant: 'bounds.records',
    why: 'one byte a record has no end',
    beyond: closed,
    read: flight(...times(1100, record(Buffer.from([1]), 20))),
    says: /TOO_MANY_RECORDS/,
  },
  {
    of: 'a handshake message',
    unit: 'bytes',
    file: 'collect/wire/flight.ts',
    constant: 'longestMessage',
    why: "Go's own limit",
    beyond: closed,
    read: flight(...inRecords(message(22, Buffer.alloc(300_000)))),
    says: /MESSAGE_TOO_LONG/,
  },
  {
    of: 'messages of a flight',
    file: 'collect/wire/flight.ts',
    constant: 'mostMessages',
    why: 'a flight has six',
    beyond: closed,
    read: flight(...times(40, record(message(22, Buffer.alloc(1))))),
    says: /TOO_MANY_MESSAGES/,
  },
  {
    of: 'certificates that a server sends',
    file: 'collect/wire/server-messages.ts',
    constant: 'certificateLimit',
    why: 'chains have three',
    beyond: counted,
    read: flight(record(message(11, vector24(...times(100, vector24(Buffer.alloc(20, 0x30))))))),
    says: /"sent":\[100,null\],"read":\[16,null\]/,
  },
  {
    of: 'names of CAs that a server asks for',
    file: 'collect/wire/server-messages.ts',
    constant: 'authorityLimit',
    why: 'pools of etcd have a few',
    beyond: counted,
    read: flight(
      record(
        message(
          13,
          Buffer.concat([
            vector8(uint8(64)),
            vector16(uint16(0x0403)),
            vector16(...times(300, vector16(Buffer.from('3000', 'hex')))),
          ]),
        ),
      ),
    ),
    says: /"sent":\[null,300\],"read":\[null,256\]/,
  },
  {
    of: 'the head of an HTTP answer',
    unit: 'bytes',
    file: 'collect/wire/http-answer.ts',
    constant: 'httpLimits.headBytes',
    why: 'etcd sends a few lines',
    beyond: closed,
    read: page(`X: ${'y'.repeat(20_000)}\r\n\r\n`),
    says: /HEADERS_TOO_LONG/,
  },
  {
    of: 'the body of an HTTP answer',
    unit: 'bytes',
    file: 'collect/wire/http-answer.ts',
    constant: 'httpLimits.bodyBytes',
    why: '/metrics of large clusters have half of it',
    beyond: closed,
    read: page(`\r\n${'z'.repeat(2_200_000)}`),
    says: /BODY_TOO_LONG/,
  },
  {
    of: 'a line around a chunk of an HTTP answer',
    unit: 'bytes',
    file: 'collect/wire/http-body.ts',
    constant: 'longestLine',
    why: 'Go sends ten',
    beyond: closed,
    read: page(`${chunked}1;${'x'.repeat(2000)}\r\na\r\n0\r\n\r\n`),
    says: /NOT_HTTP/,
  },
  {
    of: 'headers after the chunks of an HTTP answer',
    file: 'collect/wire/http-body.ts',
    constant: 'mostTrailers',
    why: 'etcd sends none',
    beyond: closed,
    read: page(`${chunked}1\r\na\r\n0\r\n${'A: b\r\n'.repeat(40)}\r\n`),
    says: /HEADERS_TOO_LONG/,
  },
  {
    of: 'fields of a message of gRPC',
    file: 'collect/rpc/protobuf.ts',
    constant: 'mostFields',
    why: 'a member list of a thousand has a hundredth of it',
    beyond: closed,
    read: () =>
      Promise.resolve(
        answerTo(() => readMemberListResponse(Buffer.alloc(300_000, Buffer.from([24, 1])))),
      ),
    says: /NOT_PROTOBUF/,
  },
  {
    of: 'one text in an answer of gRPC',
    unit: 'bytes',
    file: 'collect/rpc/protobuf.ts',
    constant: 'longestText',
    why: 'names and URLs have a tenth of it',
    beyond: 'cut, with its length',
    read: () =>
      Promise.resolve(
        answerTo(() => readMemberListResponse(bytesField(2, bytesField(2, 'a'.repeat(2000))))),
      ),
    says: /a… \(2000 bytes\)/,
  },
  {
    of: 'members in the answer to a member list',
    file: 'collect/rpc/messages.ts',
    constant: 'memberLimit',
    why: 'etcd advises seven',
    beyond: moreListed,
    read: () =>
      Promise.resolve(
        answerTo(() =>
          readMemberListResponse(Buffer.concat(times(1500, bytesField(2, bytesField(2, 'a'))))),
        ),
      ),
    says: /"listed":1500/,
  },
  {
    of: 'members on the page /members',
    file: 'collect/probes/page-json.ts',
    constant: 'memberLimit',
    why: 'etcd advises seven',
    beyond: moreListed,
    read: () => Promise.resolve(answerTo(() => readPeerMembers(`[${'{},'.repeat(1500)}{}]`))),
    says: /"listed":1501/,
  },
  {
    of: 'addresses of a name',
    file: 'collect/probes/dial.ts',
    constant: 'mostAddresses',
    why: 'each is probed; a name of a cluster has one per member',
    beyond: 'an open question says how many were not connected to, and the result is not PASS',
    read: nameOfTwentyAddresses,
    says: /"resolved":20/,
  },
];
