import type { Certificate } from '../../model/certificate.ts';
import { baseName, directoryOf } from './match-files.ts';
import { isIpAddress, isThisHost, isWildcard } from '../../model/host.ts';

/** Words in file names that say what a file is, not whose. */
const fileWords = new Set(
  'cert certs certificate crt pem key keys private priv public chain fullchain insecure unencrypted nopass'.split(
    ' ',
  ),
);

const roleWords = new Set(
  'server peer client etcd tls ssl ca member serving me node all pki secret auth'.split(' '),
);

/** The path without what distinguishes a certificate from its key: equal for the two files of a pair. */
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

/** Whether a host may say which member is meant. */
export function isOfOneMember(host: string): boolean {
  return !isThisHost(host) && !isWildcard(host);
}

/** Addresses that may be one member's, in the order of the certificate. */
export function addressesOf({ subjectAltName }: Certificate): readonly string[] {
  return (subjectAltName?.ipAddresses ?? []).filter(isOfOneMember);
}

/** Host names that mean one machine or service: no wildcards, no addresses. */
export function hostNamesOf({ subjectAltName }: Certificate): readonly string[] {
  return (subjectAltName?.dnsNames ?? []).filter(
    (name) => isOfOneMember(name) && !name.includes('*') && !isIpAddress(name),
  );
}
