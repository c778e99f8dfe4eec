import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';
import { quote } from './go-text.ts';
import { parseAddress } from './ip-address.ts';

/** What of a URL matters to name constraints. */
export interface Uri {
  /** `host:port` without escapes. */
  readonly host: string;
  /** As Go prints the URL, which may differ from how it was written. */
  readonly text: string;
  readonly written: string;
}

/** A failure of Go's net/url, with the text that follows `parse "…": `. */
interface UrlError {
  readonly error: string;
}

/** The errors of Go's url.Parse; `error` has the whole text. */
export function parseUri(text: string, go: GoRelease): Uri | UrlError {
  const hash = text.indexOf('#');
  const main = hash < 0 ? text : text.slice(0, hash);
  const fragment = hash < 0 ? '' : text.slice(hash + 1);
  const uri = parseMain(main, go);
  if ('error' in uri) return { error: `parse ${inError(main, go)}: ${uri.error}` };
  const bad = fragment === '' ? undefined : findBadEscape(fragment, 'path');
  if (bad !== undefined) return { error: `parse ${inError(text, go)}: ${bad}` };
  return {
    host: uri.host,
    text: fragment === '' ? uri.text : `${uri.text}#${fragment}`,
    written: text,
  };
}

/** Errors of net/url have the text in quotes since 1.14. */
function inError(text: string, go: GoRelease): string {
  return isSince(go, 14) ? quote(text) : text;
}

/** A URL without its fragment. */
type Main = Omit<Uri, 'written'>;

function parseMain(text: string, go: GoRelease): Main | UrlError {
  // eslint-disable-next-line no-control-regex -- control characters are what net/url looks for
  if (/[\0-\u001f\u007f]/.test(text)) {
    return { error: 'net/url: invalid control character in URL' };
  }
  if (text.startsWith(':')) return { error: 'missing protocol scheme' };
  const match = /^(?:([A-Za-z][A-Za-z0-9+\-.]*):)?([^?]*)(\?.*)?$/s.exec(text);
  const [, scheme = '', rest = '', query = ''] = match ?? [];
  if (!rest.startsWith('/')) return parseRootless(scheme.toLowerCase(), rest, query);
  return parseHierarchical(scheme.toLowerCase(), rest, query, go);
}

function parseRootless(scheme: string, rest: string, query: string): Main | UrlError {
  if (scheme !== '') return { host: '', text: `${scheme}:${rest}${query}` };
  if (rest.split('/', 1)[0]?.includes(':') === true) {
    return { error: 'first path segment in URL cannot contain colon' };
  }
  const bad = findBadEscape(rest, 'path');
  return bad === undefined ? { host: '', text: printPath(rest) + query } : { error: bad };
}

function parseHierarchical(
  scheme: string,
  rest: string,
  query: string,
  go: GoRelease,
): Main | UrlError {
  const pattern = scheme === '' ? /^\/\/(?!\/)([^/]*)(.*)$/s : /^\/\/([^/]*)(.*)$/s;
  const match = pattern.exec(rest);
  const [, authority = '', path = rest] = match ?? [];
  const host = parseAuthority(scheme, authority, go);
  if (typeof host !== 'string') return host;

  const bad = findBadEscape(path, 'path');
  if (bad !== undefined) return { error: bad };
  const prefix = scheme === '' ? '' : `${scheme}:`;
  const isShown = match !== null && rest !== '//';
  const shown = isShown ? `//${printAuthority(authority)}` : '';
  return { host, text: `${prefix}${shown}${printPath(path)}${query}` };
}

function parseAuthority(scheme: string, authority: string, go: GoRelease): string | UrlError {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1), go);
  if (typeof host !== 'string' || at < 0) return host;

  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) {
    return { error: 'net/url: invalid userinfo' };
  }
  for (const part of splitAtColon(user)) {
    const bad = findBadEscape(part, 'path');
    if (bad !== undefined) return { error: bad };
  }
  return host;
}

/** Users are re-escaped. */
function printAuthority(authority: string): string {
  const at = authority.lastIndexOf('@');
  if (at < 0) return authority;
  const user = splitAtColon(authority.slice(0, at)).map((part) =>
    escapeBytes(part, /[^A-Za-z0-9\-_.~$&+,;=]/g),
  );
  return `${user.join(':')}@${authority.slice(at + 1)}`;
}

/** As written where that is sound, else re-escaped. */
function printPath(path: string): string {
  if (/^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]*$/.test(path)) return path;
  return escapeBytes(path, /[^A-Za-z0-9\-_.~$&+,/:;=@]/g);
}

function escapeBytes(text: string, pattern: RegExp): string {
  const bytes = text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return bytes.replaceAll(
    pattern,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function splitAtColon(text: string): readonly string[] {
  const at = text.indexOf(':');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Go looks into brackets since 1.24.8 and 1.25.2, and at colons without brackets since 1.26. */
function parseHost(scheme: string, host: string, go: GoRelease): string | UrlError {
  const looksIntoBrackets = isPatchedSince(go, [24, 8], [25, 2]);
  if (looksIntoBrackets && host.lastIndexOf('[') > 0) return { error: 'invalid IP-literal' };
  if (host.startsWith('[')) {
    return looksIntoBrackets ? parseLiteral(host, go) : parseBracketed(host);
  }
  const isStrict = isSince(go, 26) && /^https?$/.test(scheme);
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!isPort(port)) return badPort(port);
  return unescape(host, 'host');
}

function isPort(text: string): boolean {
  return /^(?::[0-9]*)?$/.test(text);
}

function badPort(port: string): UrlError {
  return { error: `invalid port ${quote(port)} after host` };
}

function parseBracketed(host: string): string | UrlError {
  const end = host.lastIndexOf(']');
  if (end < 0) return { error: "missing ']' in host" };
  const port = host.slice(end + 1);
  if (!isPort(port)) return badPort(port);
  const zone = host.slice(0, end).indexOf('%25');
  if (zone < 0) return unescape(host, 'host');
  return joined([
    unescape(host.slice(0, zone), 'host'),
    unescape(host.slice(zone, end), 'zone'),
    host.slice(end),
  ]);
}

function parseLiteral(host: string, go: GoRelease): string | UrlError {
  const end = host.lastIndexOf(']');
  if (end < 0) return { error: "missing ']' in host" };
  const port = host.slice(end + 1);
  if (!isPort(port)) return badPort(port);
  const inside = host.slice(1, end);
  const zone = inside.indexOf('%25');
  const name = joined([
    unescape(zone < 0 ? inside : inside.slice(0, zone), 'host'),
    zone < 0 ? '' : unescape(inside.slice(zone), 'zone'),
  ]);
  if (typeof name !== 'string') return name;

  const address = parseAddress(name, go);
  if ('error' in address) return { error: `invalid host: ${address.error}` };
  if (address.bytes.length === 4) return { error: 'invalid IP-literal' };
  return `[${name}]${port}`;
}

function joined(parts: readonly (string | UrlError)[]): string | UrlError {
  let text = '';
  for (const part of parts) {
    if (typeof part !== 'string') return part;
    text += part;
  }
  return text;
}

type Mode = 'path' | 'host' | 'zone';

function unescape(text: string, mode: Mode): string | UrlError {
  const bad = findBadEscape(text, mode);
  if (bad !== undefined) return { error: bad };
  return text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => {
    const byte = Number.parseInt(hex, 16);
    return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 | byte);
  });
}

/** The text of Go's error on the first thing that is not allowed there. */
function findBadEscape(text: string, mode: Mode): string | undefined {
  for (const { 0: found, index } of text.matchAll(/%(?:[\da-f]{2})?|[^%]/gi)) {
    if (found === '%') return `invalid URL escape ${quote(text.slice(index, index + 3))}`;
    if (found.length === 1) {
      if (mode !== 'path' && isNoHostCharacter(found)) {
        return `invalid character ${quote(found)} in host name`;
      }
    } else if (isBadInMode(found, mode)) return `invalid URL escape ${quote(found)}`;
  }
  return undefined;
}

/** Hosts escape nothing below 0x80 but the percent sign; zones nothing that has to be escaped, save blanks. */
function isBadInMode(found: string, mode: Mode): boolean {
  const byte = Number.parseInt(found.slice(1), 16);
  if (mode === 'path' || found === '%25') return false;
  if (mode === 'host') return byte < 0x80;
  return byte !== 0x20 && (byte >= 0x80 || isNoHostCharacter(String.fromCharCode(byte)));
}

function isNoHostCharacter(character: string): boolean {
  return /[^A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~\u0080-\uffff]/.test(character);
}
