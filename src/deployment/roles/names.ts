import { isIP } from 'node:net';
import type { Certificate } from '../../model/certificate.ts';
import { baseName, directoryOf } from './match-files.ts';

/** Words in file names that say what a file is, not whose. */
const fileWords = new Set(
  'cert certs certificate crt pem key keys private priv public chain fullchain insecure unencrypted nopass'.split(
    ' ',
  ),
);

const roleWords = new Set(
  'server peer client etcd tls ssl ca member serving me node all pki secret auth'.split(' '),
);

/** The path without what tells a certificate from its key: equal for the two files of a pair. */
export function stemOf(path: string): string {
  const words = wordsOf(baseName(path)).filter((word) => !fileWords.has(word.toLowerCase()));
  return `${directoryOf(path)}/${words.join('-').toLowerCase()}`;
}

/** What is left of a file's name without the words for file kinds and roles: `node_1_cert.pem` is `node1`. */
export function nameInFile(path: string): string | undefined {
  const extension = /\.(?:pem|crt|cer|cert|key|der|conf|ya?ml|env|service)$/i;
  const bare = baseName(path).replace(extension, '').replace(extension, '');
  const parts = bare.split(/([-_.])/);
  while (isNoise(parts.at(-1))) parts.splice(-2);
  while (parts.length > 2 && isNoise(parts[0]) && !isNumber(parts.slice(2).join(''))) {
    parts.splice(0, 2);
  }
  const name = parts.join('').replace(/^([a-z]+)_(\d+)$/i, '$1$2');
  return name === '' || isNoise(name) || isNumber(name) ? undefined : name;
}

function isNoise(word: string | undefined): boolean {
  if (word === undefined || word === '') return false;
  return fileWords.has(word.toLowerCase()) || roleWords.has(word.toLowerCase());
}

function isNumber(text: string): boolean {
  return /^[\d._-]*$/.test(text);
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[-_.]+/).filter((word) => word !== '');
}

/** Every name and address a certificate is valid for, as Go sees it. */
export function hostsOf({ subjectAltName }: Certificate): readonly string[] {
  return [...(subjectAltName?.ipAddresses ?? []), ...(subjectAltName?.dnsNames ?? [])];
}

export function isLoopbackHost(host: string): boolean {
  return /^(?:127\.|localhost$|localhost\.localdomain$|::1$|::ffff:127\.|0\.0\.0\.0$|::$)/i.test(
    host,
  );
}

/** Addresses other than loopback, in the order of the certificate. */
export function addressesOf({ subjectAltName }: Certificate): readonly string[] {
  return (subjectAltName?.ipAddresses ?? []).filter((address) => !isLoopbackHost(address));
}

/** Host names that mean one machine or service: no loopback, no wildcards, no addresses. */
export function hostNamesOf({ subjectAltName }: Certificate): readonly string[] {
  return (subjectAltName?.dnsNames ?? []).filter(
    (name) => !isLoopbackHost(name) && !name.includes('*') && isIP(name) === 0,
  );
}

/** `https://10.0.0.1:2379`, with brackets where they belong. */
export function httpsUrl(host: string, port: number): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The host of a URL without brackets; undefined where there is none. */
export function hostOfUrl(url: string): string | undefined {
  const [, host] = /^[a-z]+:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(url.trim()) ?? [];
  return host === undefined || host === '' ? undefined : host.replace(/^\[|\]$/g, '');
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
