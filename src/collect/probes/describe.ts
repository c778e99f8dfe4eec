import type { ServerFlight } from '../../model/live.ts';
import { parseName } from '../../pki/distinguished-name.ts';
import { currentGo } from '../../pki/go-release.ts';
import { Malformed } from '../../pki/malformed.ts';

/** The certificates that a server sent; what Go could not read is told apart. */
export function describeChain(_ders: readonly Buffer[]): Pick<ServerFlight, 'chain' | 'malformed'> {
  return { chain: [] };
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
