import { beforeAll, describe, expect, test } from 'vitest';
import { describeChain, describeNames } from '../../../src/collect/probes/describe.ts';
import { uint8, uint16, vector16, vector24, vector8 } from '../../../src/collect/wire/bytes.ts';
import { tls12CipherSuites } from '../../../src/collect/wire/cipher-suites.ts';
import { clientHello, type Hello } from '../../../src/collect/wire/client-hello.ts';
import { createFlightReader, type Flight } from '../../../src/collect/wire/flight.ts';
import { WireViolation } from '../../../src/collect/wire/violation.ts';
import { issueAuthority } from '../../../testcluster/issue/issue.ts';

const offered: Hello = { version: '1.2', cipherSuites: tls12CipherSuites };
let certificate: Buffer;
let name: Buffer;
let whole: Buffer;

beforeAll(async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca', organization: 'lab' });
  const { certificatePem } = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
  certificate = Buffer.from(certificatePem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  name = Buffer.from('3011310f300d06035504030c06657463642d6361', 'hex').subarray(0, 20);
  whole = Buffer.concat([
    message(2, uint16(0x0303), Buffer.alloc(32), vector8(), uint16(0xc02b), uint8(0)),
    message(11, vector24(vector24(certificate))),
    message(12, uint8(3), uint16(0x1d), vector8(Buffer.alloc(32)), uint16(0x0403), vector16()),
    message(13, vector8(uint8(64)), vector16(uint16(0x0403)), vector16(vector16(name))),
    message(14),
  ]);
});

test('a flight is read the same, however its bytes are cut into records and reads', () => {
  for (const fragment of [1, 3, 100, whole.length]) {
    const bytes = records(whole, fragment);
    for (const read of [1, 11, bytes.length]) {
      const flight = readFlight(bytes, read);

      expect(flight).toMatchObject({
        complete: true,
        hello: { cipherSuite: 0xc02b },
        certificates: { sent: 1, certificates: [certificate] },
        keyExchange: { group: 0x1d },
        signatureAlgorithm: 0x0403,
        certificateRequest: { signatureAlgorithms: [0x0403], authorities: [name] },
      });
    }
  }
});

test('what comes after the flight is not looked at', () => {
  const bytes = Buffer.concat([records(whole, 500), records(message(2), 500)]);

  expect(readFlight(bytes, bytes.length).complete).toBe(true);
});

describe('mutated flights are read or refused, and never crash', () => {
  test.each([1, 2, 3, 4])('seed %i', (seed) => {
    const random = mulberry32(seed);
    const outcomes = { read: 0, refused: 0 };

    for (let round = 0; round < 1000; round += 1) {
      const mutated = mutate(records(whole, 1000), random);
      outcomes[readSafely(mutated)] += 1;
    }

    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(50);
  });
});

function readSafely(bytes: Buffer): 'read' | 'refused' {
  try {
    const { certificates, certificateRequest } = readFlight(bytes, bytes.length);
    describeChain(certificates?.certificates ?? []);
    describeNames(certificateRequest?.authorities ?? []);
    return 'read';
  } catch (error) {
    if (error instanceof WireViolation) return 'refused';
    throw error;
  }
}

function readFlight(bytes: Buffer, size: number): Flight {
  const turn = { offered, message: clientHello(offered), agreement: undefined };
  const reader = createFlightReader(turn);
  for (let offset = 0; offset < bytes.length; offset += size) {
    reader.push(bytes.subarray(offset, offset + size));
  }
  return reader.flight;
}

function mutate(bytes: Buffer, random: () => number): Buffer {
  const mutated = Buffer.from(bytes);
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1) {
    mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256);
  }
  const cut = random() < 0.2 ? Math.floor(random() * mutated.length) : mutated.length;
  return mutated.subarray(0, cut);
}

function message(type: number, ...body: readonly Buffer[]): Buffer {
  return Buffer.concat([uint8(type), vector24(...body)]);
}

function records(bytes: Buffer, size: number): Buffer {
  const cuts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    Buffer.concat([
      uint8(22),
      uint16(0x0303),
      vector16(bytes.subarray(index * size, (index + 1) * size)),
    ]),
  );
  return Buffer.concat(cuts);
}

/** A small random generator that gives the same numbers for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
