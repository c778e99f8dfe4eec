import type { Certificate } from '../model/certificate.ts';
import { areEqual } from './bytes.ts';
import type { RefusalRule } from '../model/refusal.ts';
import type { Decoded } from './decode.ts';
import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';
import { lowerCaseAscii } from './go-text.ts';
import { formatIpAddress, parseAddress, parseIpAddress, shorten } from './ip-address.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';

/**
 * Go's Certificate.VerifyHostname: the text of its error, or undefined when the certificate is for
 * this host. An IP address may be in brackets.
 */
export function verifyHostName(
  certificate: Certificate,
  host: string,
  go: GoRelease,
): string | undefined {
  const decoded = decodedFor(certificate, go);
  return isParseFault(decoded) ? decoded.text : findHostNameFault(decoded, host, go)?.text;
}

/** Why a certificate is not for a host. */
export interface HostNameFault {
  readonly kind: Extract<RefusalRule, 'x509.host-name' | 'x509.common-name-only'>;
  readonly text: string;
}

/** The same for a certificate in memory. */
export function findHostNameFault(
  decoded: Decoded,
  host: string,
  go: GoRelease,
): HostNameFault | undefined {
  const address = parseHostAddress(/^\[(.+)\]$/s.exec(host)?.[1] ?? host, go);
  if (address !== undefined) {
    const { ipAddresses = [] } = decoded.altNames ?? {};
    const isNamed = ipAddresses.some((named) => areEqual(shorten(named) ?? named, address.bytes));
    return isNamed ? undefined : explainAddress(decoded, address.text, go);
  }
  const name = lowerCaseAscii(host);
  return namesOf(decoded, go).some((pattern) => isMatch(pattern, name, go))
    ? undefined
    : explainName(decoded, host, go);
}

/** Until 1.14 the common name replaced a missing subjectAltName, if it looked like a host. */
export function commonNameStandsIn({ altNames, subject }: Decoded, go: GoRelease): boolean {
  return !isSince(go, 15) && altNames === undefined && isPattern(subject.commonName ?? '', go);
}

function namesOf(decoded: Decoded, go: GoRelease): readonly string[] {
  if (commonNameStandsIn(decoded, go)) return [decoded.subject.commonName ?? ''];
  return decoded.altNames?.dnsNames ?? [];
}

/** Since 1.27 an address may have a zone, which is dropped, and is printed in its shortest form. */
function parseHostAddress(
  host: string,
  go: GoRelease,
): { readonly bytes: Uint8Array; readonly text: string } | undefined {
  if (!isSince(go, 27)) {
    const bytes = parseIpAddress(host, go);
    return bytes && { bytes, text: host };
  }
  const address = parseAddress(host, go);
  if ('error' in address) return undefined;
  return { bytes: shorten(address.bytes) ?? address.bytes, text: formatIpAddress(address.bytes) };
}

/** Wildcards and trailing dots count only where both are names by the rules; else they have to be the same. */
function isMatch(pattern: string, host: string, go: GoRelease): boolean {
  // Until 1.14 everything was compared by labels, without a dot at the end of either.
  if (!isSince(go, 15)) return host !== '.' && matchLabels(pattern.replace(/\.$/, ''), host);
  if (isHostName(host, go) && isPattern(pattern, go)) return matchLabels(pattern, host);
  const lower = lowerCaseAscii(pattern);
  return lower === host && lower !== '' && lower !== '.';
}

/** A star matches the whole first label, and only that. */
function matchLabels(pattern: string, host: string): boolean {
  const wanted = lowerCaseAscii(pattern).split('.');
  const labels = host.replace(/\.$/, '').split('.');
  return (
    wanted.length === labels.length &&
    wanted.every((label, index) => label === labels[index] || (index === 0 && label === '*'))
  );
}

function isHostName(host: string, go: GoRelease): boolean {
  const trimmed = host.replace(/\.$/, '');
  if (trimmed === '' || (trimmed === '*' && isSince(go, 23))) return false;
  return trimmed.split('.').every((label) => isLabel(label));
}

/** A bare star was a pattern until 1.22. */
function isPattern(pattern: string, go: GoRelease): boolean {
  if (pattern === '' || (pattern === '*' && isSince(go, 23))) return false;
  return pattern
    .split('.')
    .every((label, index) => isLabel(label) || (index === 0 && label === '*'));
}

function isLabel(label: string): boolean {
  return /^[a-z0-9_][a-z0-9_-]*$/i.test(label);
}

/** From how many names on Go counts them instead: since 1.24.11 and 1.25.5 (CVE-2025-61729). */
const mostNamesListed = 100;

function isTooMany(names: readonly unknown[], go: GoRelease): boolean {
  return isPatchedSince(go, [24, 11], [25, 5]) && names.length >= mostNamesListed;
}

function explainAddress(decoded: Decoded, host: string, go: GoRelease): HostNameFault {
  if (isCommonNameOnly(decoded, host, go))
    return { kind: 'x509.common-name-only', text: legacyText(go) };
  const { ipAddresses = [] } = decoded.altNames ?? {};
  if (ipAddresses.length === 0) {
    return otherName(
      `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`,
    );
  }
  if (isTooMany(ipAddresses, go)) {
    return otherName(
      `x509: certificate is valid for ${ipAddresses.length} IP SANs, but none matched ${host}`,
    );
  }
  return listed(ipAddresses.map(formatIpAddress).join(', '), host);
}

function explainName(decoded: Decoded, host: string, go: GoRelease): HostNameFault {
  if (isCommonNameOnly(decoded, host, go))
    return { kind: 'x509.common-name-only', text: legacyText(go) };
  const dnsNames = namesOf(decoded, go);
  if (isTooMany(dnsNames, go)) {
    return otherName(
      `x509: certificate is valid for ${dnsNames.length} names, but none matched ${host}`,
    );
  }
  return listed(dnsNames.join(', '), host);
}

function listed(names: string, host: string): HostNameFault {
  return otherName(
    names === ''
      ? `x509: certificate is not valid for any names, but wanted to match ${host}`
      : `x509: certificate is valid for ${names}, not ${host}`,
  );
}

function otherName(text: string): HostNameFault {
  return { kind: 'x509.host-name', text };
}

/** Whether the common name would have matched, without a subjectAltName in the way. */
function isCommonNameOnly({ altNames, subject }: Decoded, host: string, go: GoRelease): boolean {
  const { commonName = '' } = subject;
  if (altNames !== undefined || commonName === '' || !isSince(go, 15)) return false;
  if (!isSince(go, 17) && !isPattern(commonName, go)) return false;
  return matchLabels(commonName, lowerCaseAscii(host));
}

function legacyText(go: GoRelease): string {
  return isSince(go, 17)
    ? 'x509: certificate relies on legacy Common Name field, use SANs instead'
    : 'x509: certificate relies on legacy Common Name field, use SANs or temporarily enable Common Name matching with GODEBUG=x509ignoreCN=0';
}
