import type { Certificate } from '../model/certificate.ts';

/** Whether text is an IP address as URLs and certificates write one, without brackets. */
export function isIpAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text);
}

/** Whether text names the host itself: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** The host of a URL, without brackets and in lower case; nothing where there is no URL. */
export function hostOf(url: string): string | undefined {
  const address = /^[a-z][a-z0-9+.-]*:\/\/(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1];
  return address?.replace(/^\[|\]$/g, '').toLowerCase() || undefined;
}

export function isHttps(url: string): boolean {
  return /^https:/i.test(url);
}

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
