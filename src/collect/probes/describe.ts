import type { ServerFlight } from '../../model/live.ts';
import { parseName } from '../../pki/distinguished-name.ts';
import { currentGo } from '../../pki/go-release.ts';
import { Malformed } from '../../pki/malformed.ts';
import { parseCertificate } from '../../pki/parse-certificate.ts';

/** The certificates that a server sent; what Go could not read is listed separately. */
export function describeChain(ders: readonly Buffer[]): Pick<ServerFlight, 'chain' | 'malformed'> {
  const parsed = ders.map((der) => parseCertificate(der));
  const chain = parsed.flatMap((one) => (one.ok ? [one.certificate] : []));
  const malformed = parsed.flatMap((one, index) =>
    one.ok ? [] : [{ index, error: one.error.text }],
  );
  return { chain, ...(malformed.length > 0 && { malformed }) };
}

/** Distinguished names as a CertificateRequest holds them; one that cannot be read has no text. */
export function describeNames(ders: readonly Buffer[]): ServerFlight['acceptableCas'] {
  return ders.map((der) => ({ text: nameText(der), raw: der.toString('hex') }));
}

function nameText(der: Buffer): string {
  try {
    return parseName(der, currentGo).text;
  } catch (error) {
    if (error instanceof Malformed) return '';
    throw error;
  }
}

/** Bytes as text of limited length; what is not plain ASCII comes out as `\xNN`. */
export function printableSample(bytes: Buffer, limit = 60): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]|\\/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(2, '0');
      return `\\x${code}`;
    })
    .slice(0, limit);
}
