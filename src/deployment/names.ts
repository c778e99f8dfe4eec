import type { Certificate } from '../model/certificate.ts';

/** Every name that Go compares a dialled host with, addresses first. */
export function namesIn({ subjectAltName }: Certificate): readonly string[] {
  return [...(subjectAltName?.ipAddresses ?? []), ...(subjectAltName?.dnsNames ?? [])];
}

/** `10.0.0.1, localhost`, or that there is none. */
export function showNames(certificate: Certificate): string {
  const names = namesIn(certificate);
  if (names.length === 0) return 'no name at all';
  const others = names.length > 12 ? `, and ${names.length - 12} more` : '';
  return `${names.slice(0, 12).join(', ')}${others}`;
}
