import type { Certificate } from '../model/certificate.ts';
import type { Block, CertificateReading } from '../model/files.ts';
import { type GoRelease, goRelease } from './go-release.ts';
import type { ParseFault } from './malformed.ts';
import { parseCertificate } from './parse-certificate.ts';

/**
 * The releases of Go whose readings of a certificate may differ: the oldest of every minor, and the patch
 * releases that changed what the parser calls. `test/pki/readings.test.ts` compares this with the sources.
 */
export const releasesToAsk: readonly string[] =
  '12.0 13.0 14.0 15.0 16.0 17.0 18.0 19.0 20.0 21.0 22.0 23.0 24.0 24.4 24.8 24.11 25.0 25.2 25.5 25.9 26.0 26.2 26.9 27.0'
    .split(' ')
    .map((release) => `1.${release}`);

/**
 * What each release of Go makes of a block that the current one does not parse as a certificate. Errors
 * and parsed fields only: such a block may hold anything, a private key too, so its bytes are not kept.
 */
export function readingsOf(bytes: Uint8Array): readonly CertificateReading[] {
  const readings: CertificateReading[] = [];
  const add = (reading: CertificateReading): void => {
    const previous = readings.findLast(
      ({ acceptsNegativeSerials }) => acceptsNegativeSerials === reading.acceptsNegativeSerials,
    );
    if (previous === undefined || !saysTheSame(previous, reading)) readings.push(reading);
  };
  for (const since of releasesToAsk) {
    const release = goRelease(since);
    add({ since, ...outcomeOf(bytes, release) });
    if (release.minor < 23) continue;
    const lenient = { ...release, acceptsNegativeSerials: true } as const;
    add({ since, acceptsNegativeSerials: true, ...outcomeOf(bytes, lenient) });
  }
  return readings;
}

function outcomeOf(bytes: Uint8Array, go: GoRelease) {
  const parsed = parseCertificate(bytes, go);
  if (parsed.ok) return { certificate: parsed.certificate };
  const { kind, text } = parsed.error;
  const curve = kind === 'x509.unsupported-curve' ? ({ unsupportedCurve: true } as const) : {};
  return { error: text, ...curve };
}

function saysTheSame(one: CertificateReading, other: CertificateReading): boolean {
  return one.error === other.error && one.certificate?.sha256 === other.certificate?.sha256;
}

/** What this release makes of such a block: the newest reading that is not newer than the release. */
export function readingFor(block: MalformedCertificate, go: GoRelease): Certificate | ParseFault {
  const isLenient = go.minor >= 23 && go.acceptsNegativeSerials === true;
  const older = block.readings.filter(({ since }) => isNotNewer(goRelease(since), go));
  const own = older.filter(
    ({ acceptsNegativeSerials = false }) => acceptsNegativeSerials === isLenient,
  );
  const reading = own.at(-1) ?? older.at(-1);
  if (reading?.certificate !== undefined) return reading.certificate;
  return {
    kind: reading?.unsupportedCurve === true ? 'x509.unsupported-curve' : 'x509.unparsable',
    text: reading?.error ?? block.error,
  };
}

type MalformedCertificate = Extract<Block, { readonly kind: 'malformed-certificate' }>;

function isNotNewer(one: GoRelease, other: GoRelease): boolean {
  return one.minor < other.minor || (one.minor === other.minor && one.patch <= other.patch);
}
