import type { ServerFlight } from '../../model/live.ts';

/** The certificates that a server sent; what Go could not read is told apart. */
export function describeChain(_ders: readonly Buffer[]): Pick<ServerFlight, 'chain' | 'malformed'> {
  return { chain: [] };
}

/** Distinguished names as a CertificateRequest holds them. */
export function describeNames(ders: readonly Buffer[]): ServerFlight['acceptableCas'] {
  return ders.map((der) => ({ text: '', raw: der.toString('hex') }));
}
