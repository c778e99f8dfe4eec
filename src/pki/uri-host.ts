import { type GoRelease, isSince } from './go-release.ts';
import { quote } from './go-text.ts';
import { parseAddress, parseIpAddress } from './ip-address.ts';

/** The host of a URI that is to be compared with constraints, or why that cannot be. */
export function findUriHost(
  { host, text }: { readonly host: string; readonly text: string },
  go: GoRelease,
): { readonly host: string } | { readonly error: string } {
  if (host === '') {
    return { error: `URI with empty host (${quote(text)}) cannot be matched against constraints` };
  }
  const split = host.includes(':') && !host.endsWith(']') ? splitHostPort(host) : { host };
  if ('error' in split) {
    const prefix = isSince(go, 26) ? `cannot parse URI host ${quote(host)}: ` : '';
    return { error: prefix + split.error };
  }
  if (isAddress(split.host, go)) {
    return { error: `URI with IP (${quote(text)}) cannot be matched against constraints` };
  }
  return split;
}

/** Zones make an address of it since 1.22. */
function isAddress(host: string, go: GoRelease): boolean {
  if (host.startsWith('[') && host.endsWith(']')) return true;
  return isSince(go, 22)
    ? !('error' in parseAddress(host, go))
    : parseIpAddress(host, go) !== undefined;
}

/** Go's net.SplitHostPort of a text that has a colon. */
function splitHostPort(text: string): { readonly host: string } | { readonly error: string } {
  const fail = (message: string): { readonly error: string } => ({
    error: `address ${text}: ${message}`,
  });
  const last = text.lastIndexOf(':');
  if (text.startsWith('[')) return splitBracketed(text, last, fail);
  const host = text.slice(0, last);
  if (host.includes(':')) return fail('too many colons in address');
  return checkBrackets(host, text, 0, fail);
}

function splitBracketed(
  text: string,
  last: number,
  fail: (message: string) => { readonly error: string },
): { readonly host: string } | { readonly error: string } {
  const end = text.indexOf(']');
  if (end < 0) return fail("missing ']' in address");
  if (end + 1 === text.length) return fail('missing port in address');
  if (end + 1 !== last) {
    return fail(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
  }
  return checkBrackets(text.slice(1, end), text, end + 1, fail);
}

function checkBrackets(
  host: string,
  text: string,
  closing: number,
  fail: (message: string) => { readonly error: string },
): { readonly host: string } | { readonly error: string } {
  if (text.indexOf('[', closing === 0 ? 0 : 1) >= 0) return fail("unexpected '[' in address");
  if (text.indexOf(']', closing) >= 0) return fail("unexpected ']' in address");
  return { host };
}
