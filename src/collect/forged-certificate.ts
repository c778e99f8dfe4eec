import { isDeepStrictEqual } from 'node:util';
import type { Certificate } from '../model/certificate.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Block } from '../model/files.ts';
import { fromBase64 } from '../pki/bytes.ts';
import { goRelease } from '../pki/go-release.ts';
import { parseCertificate } from '../pki/parse-certificate.ts';

type Place = readonly PropertyKey[];

/**
 * The place of the first certificate in saved evidence whose fields are not what its DER says. Everything
 * that is concluded of a certificate comes from one or the other.
 */
export function findForgedCertificate({ facts }: Evidence): Place | undefined {
  for (const { certificate, place, since } of certificatesIn(facts)) {
    const parsed = parseCertificate(fromBase64(certificate.der), goRelease(since ?? '1.26'));
    // What follows the certificate in its own sequence was left out of the DER and not of the fingerprint.
    const isSame =
      parsed.ok &&
      isDeepStrictEqual({ ...parsed.certificate, sha256: certificate.sha256 }, certificate);
    if (!isSame || !/^[0-9a-f]{64}$/.test(certificate.sha256)) return place;
  }
  return undefined;
}

interface Found {
  readonly certificate: Certificate;
  readonly place: Place;
  /** The release of Go that parses it as a certificate; absent for the current one. */
  readonly since?: string;
}

function* certificatesIn({ files = [], endpoints = [] }: Evidence['facts']): Generator<Found> {
  for (const [index, { blocks }] of files.entries()) {
    for (const [at, block] of blocks.entries()) {
      yield* certificatesOf(block, ['facts', 'files', index, 'blocks', at]);
    }
  }
  for (const [index, { flight }] of endpoints.entries()) {
    for (const [at, certificate] of (flight?.chain ?? []).entries()) {
      yield { certificate, place: ['facts', 'endpoints', index, 'flight', 'chain', at] };
    }
  }
}

function* certificatesOf(block: Block, place: Place): Generator<Found> {
  if (block.kind === 'certificate') {
    yield { certificate: block.certificate, place: [...place, 'certificate'] };
  }
  if (block.kind !== 'malformed-certificate') return;
  for (const [index, { certificate, since }] of block.readings.entries()) {
    if (certificate === undefined) continue;
    yield { certificate, since, place: [...place, 'readings', index, 'certificate'] };
  }
}
