import { describeChain, describeNames } from '../../../src/collect/probes/describe.ts';
import {
  readMemberListResponse,
  readStatusResponse,
  readUserGetResponse,
} from '../../../src/collect/rpc/messages.ts';
import { uint16, uint8, vector16, vector24, vector8 } from '../../../src/collect/wire/bytes.ts';
import { tls12CipherSuites, tls13CipherSuites } from '../../../src/collect/wire/cipher-suites.ts';
import { clientHello, type Hello } from '../../../src/collect/wire/client-hello.ts';
import { recognise } from '../../../src/collect/wire/first-bytes.ts';
import { createFlightReader } from '../../../src/collect/wire/flight.ts';
import { createKeyAgreement } from '../../../src/collect/wire/key-schedule.ts';
import {
  readCertificateList,
  readCertificateRequest,
  readEncryptedExtensions,
} from '../../../src/collect/wire/server-messages.ts';
import { isViolation } from '../violation.ts';
import { bytesField } from '../../collect/support/protobuf.ts';
import { mutate, type Random } from '../../oracle/random.ts';
import { fromPem, issueAuthority } from '../../support/pki.ts';
import { inReads } from '../accidents.ts';
import { hostileText } from '../hostile-text.ts';
import { type FuzzTarget, tried } from '../target.ts';

const tls13 = 0x0304;

/** A server's bytes, TLS and gRPC: read or refused by a declared code, however they are cut. */
export const wire: FuzzTarget = {
  name: 'wire',
  mostMilliseconds: 2000,
  inputs: 20000,
  async prepare() {
    const authority = await issueAuthority({ commonName: 'etcd-ca' });
    const certificate = Buffer.from(fromPem(authority.certificatePem));
    const agreement = createKeyAgreement();
    return (random) => {
      const [bytes, read] = random.pick([flightOf, messageOf, replyOf])(
        { certificate, agreement },
        random,
      );
      return tried(bytes.toString('latin1'), read, isViolation);
    };
  },
};

interface Ours {
  readonly certificate: Buffer;
  readonly agreement: ReturnType<typeof createKeyAgreement>;
}

/** Bytes, and what reads them. */
type Attempt = readonly [Buffer, () => void];

function flightOf({ certificate, agreement }: Ours, random: Random): Attempt {
  const isNew = random.below(3) === 0;
  const offered: Hello = isNew
    ? { version: '1.3', cipherSuites: tls13CipherSuites, keyShares: agreement.shares }
    : { version: '1.2', cipherSuites: tls12CipherSuites };
  const messages = isNew ? [hello13(random)] : flight12(certificate, random);
  const plain = records(Buffer.concat(messages), random);
  const hidden = Buffer.concat([uint8(23), uint16(0x0303), vector16(Buffer.alloc(40, 7))]);
  const bytes = Buffer.from(mutate(Buffer.concat([plain, ...(isNew ? [hidden] : [])]), random));
  return [bytes, () => readReads(bytes, inReads(bytes, random), offered, agreement)];
}

function readReads(
  bytes: Buffer,
  reads: readonly Buffer[],
  offered: Hello,
  agreement: Ours['agreement'],
): void {
  recognise(bytes);
  const reader = createFlightReader({ offered, message: clientHello(offered), agreement });
  for (const read of reads) reader.push(read);
  const { certificates, certificateRequest } = reader.flight;
  describeChain(certificates?.certificates ?? []);
  describeNames(certificateRequest?.authorities ?? []);
}

/** A server's flight of TLS 1.2 with two certificates, in one record. */
export function flightOfServer(certificate: Buffer): Buffer {
  const suite = uint16(tls12CipherSuites[0] ?? 0);
  const hello = [uint16(0x0303), Buffer.alloc(32), vector8(), suite, uint8(0), vector16()];
  const chain = vector24(vector24(certificate), vector24(certificate));
  const messages = [message(2, ...hello), message(11, chain), message(14)];
  return Buffer.concat(
    messages.map((each) => Buffer.concat([uint8(22), uint16(0x0303), vector16(each)])),
  );
}

/** Reads what a server answers to a ClientHello of TLS 1.2. */
export function readFlight(bytes: Buffer): void {
  const offered: Hello = { version: '1.2', cipherSuites: tls12CipherSuites };
  readReads(bytes, [bytes], offered, createKeyAgreement());
}

/** What TLS 1.3 encrypts, as it is read once it is decrypted. */
function messageOf({ certificate }: Ours, random: Random): Attempt {
  const entry = Buffer.concat([vector24(certificate), vector16(extension(random))]);
  const [whole, reader] = random.pick<readonly [Buffer, (body: Buffer) => unknown]>([
    [vector16(extension(random), extension(random)), readEncryptedExtensions],
    [
      Buffer.concat([vector8(), vector24(entry, entry)]),
      (body) => describeChain(readCertificateList(body, tls13).certificates),
    ],
    [
      Buffer.concat([vector8(), vector16(extension(random, 13), extension(random, 47))]),
      (body) => describeNames(readCertificateRequest(body, tls13).authorities),
    ],
  ]);
  const body = Buffer.from(mutate(whole, random));
  return [body, () => reader(body)];
}

/** etcd's answers in protobuf. */
function replyOf(_ours: Ours, random: Random): Attempt {
  const text = (number: number): Buffer => bytesField(number, hostileText(random));
  const member = bytesField(2, Buffer.concat([text(2), text(3), text(3), text(4)]));
  const bytes = Buffer.from(mutate(Buffer.concat([member, member, text(2), text(8)]), random));
  const readers = [readMemberListResponse, readStatusResponse, readUserGetResponse];
  return [bytes, () => random.pick(readers)(bytes)];
}

function flight12(certificate: Buffer, random: Random): readonly Buffer[] {
  const extensions = Array.from({ length: random.below(4) }, () => extension(random));
  const version = uint16(random.pick([0x0301, 0x0303, 0x0303, 0x0304]));
  const suite = uint16(random.pick(tls12CipherSuites));
  return [
    message(2, version, Buffer.alloc(32), vector8(), suite, uint8(0), vector16(...extensions)),
    message(11, vector24(...Array.from({ length: random.below(4) }, () => vector24(certificate)))),
    message(12, uint8(3), uint16(0x1d), vector8(Buffer.alloc(32)), uint16(0x0403), vector16()),
    message(
      13,
      vector8(uint8(64)),
      vector16(uint16(0x0403)),
      vector16(vector16(Buffer.from('3000', 'hex'))),
    ),
    message(14),
  ];
}

function hello13(random: Random): Buffer {
  const group = random.pick([0x17, 0x18, 0x19, 0x1d, 0x1e, 0x11ec]);
  const share = Buffer.concat([
    uint16(group),
    vector16(Buffer.alloc(random.pick([32, 65, 97, 0]), 9)),
  ]);
  const supported = Buffer.concat([uint16(43), vector16(uint16(tls13))]);
  const extensions = [supported, Buffer.concat([uint16(51), vector16(share)])];
  const suite = uint16(random.pick(tls13CipherSuites));
  return message(
    2,
    uint16(0x0303),
    Buffer.alloc(32, 1),
    vector8(),
    suite,
    uint8(0),
    vector16(...extensions),
  );
}

function extension(
  random: Random,
  type = random.pick([5, 10, 13, 16, 23, 43, 47, 51, 65_281]),
): Buffer {
  const contents = [
    Buffer.alloc(0),
    vector16(vector8(Buffer.from('h2'))),
    vector16(uint16(0x0403), uint16(0x0804)),
    vector16(vector16(Buffer.from('3000', 'hex'))),
    Buffer.from(hostileText(random)),
  ];
  return Buffer.concat([uint16(type), vector16(random.pick(contents))]);
}

function message(type: number, ...body: readonly Buffer[]): Buffer {
  return Buffer.concat([uint8(type), vector24(...body)]);
}

/** Handshake bytes in records, alerts and changes of cipher between them. */
function records(bytes: Buffer, random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const length = 1 + random.below(random.pick([20, 500, 16_000]));
    const fragment = bytes.subarray(offset, offset + length);
    parts.push(Buffer.concat([uint8(22), uint16(0x0303), vector16(fragment)]));
    if (random.below(8) === 0)
      parts.push(
        random.pick([Buffer.from([21, 3, 3, 0, 2, 1, 112]), Buffer.from([20, 3, 3, 0, 1, 1])]),
      );
    offset += length;
  }
  return Buffer.concat(parts);
}
