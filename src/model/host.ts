import { wordSet } from './table.ts';
import { oncePerText } from './once.ts';

/**
 * Whether Go's net.ParseIP reads the text as an address: without brackets and, since Go 1.17, without zeros in
 * front of an octet. An address with a zone is none.
 */
export function isIpAddress(text: string): boolean {
  if (!text.includes(':')) return ipv4.test(text);
  // The URL standard reads IPv6 as net.ParseIP does. `node:net` takes longer to load than all addresses of a cluster.
  return /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** `fe80::1%eth0` is fe80::1 everywhere but on the host that has eth0. */
export function withoutZone(host: string): string {
  return host.replace(/%.*$/s, '');
}

const encryptedSchemes = wordSet('https unixs');

/** What `/etc/hosts` of Debian and Fedora calls 127.0.0.1 and ::1, on every machine. */
const namesOfThisHost = wordSet(
  'localhost localhost.localdomain localhost4 localhost4.localdomain4 localhost6 ' +
    'localhost6.localdomain6 ip6-localhost ip6-loopback',
);

/** Whether a host is the one that dials it: `localhost`, 127.0.0.0/8 or ::1. */
export const isLoopback: (host: string) => boolean = oncePerText(
  (host) => isThisHost(host) || /^127(?:\.\d{1,3}){3}$/.test(canonicalHost(host)),
);

/**
 * Whether a host says nothing of which member is meant. The rest of 127.0.0.0/8 is no less local, but members that
 * share a machine have an address each there.
 */
export const isThisHost: (host: string) => boolean = oncePerText((host) => {
  const canonical = canonicalHost(host);
  return canonical === '127.0.0.1' || canonical === '::1' || namesOfThisHost.has(canonical);
});

/** Whether a host in a listen URL means every address of its machine. */
export function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

/** Whether a host is the same one for all who connect to it: neither every address nor one with a zone of its own. */
export function isOneHost(host: string): boolean {
  return !isWildcard(host) && !host.includes('%');
}

/** Whether a host is the same on every machine. */
export function isOnEveryMachine(host: string): boolean {
  return isLoopback(host) || isWildcard(host);
}

/** The host of a URL, without brackets and in lower case; nothing where there is no URL. */
export function hostOf(url: string): string | undefined {
  if (!/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(url)) return undefined;
  return parseEndpoint(url, true).host.toLowerCase() || undefined;
}

export function isHttps(url: string): boolean {
  return /^\s*https:/i.test(url);
}

/** A host as URLs write it. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Go's net.JoinHostPort. */
export function joinHostPort(host: string, port: number | string): string {
  return `${bracketed(host)}:${port}`;
}

/** Go's net.SplitHostPort; undefined where it gives an error. */
export function splitHostPort(address: string): { host: string; port: string } | undefined {
  const match = /^(?:\[([^\][]*)\]|([^:\][]*)):([^:\][]*)$/.exec(address);
  if (match === null) return undefined;

  const [, inBrackets, plain = '', port = ''] = match;
  return { host: inBrackets ?? plain, port };
}

/** Something that is dialled, taken apart. */
export interface Address {
  readonly encrypted: boolean;
  /** Without brackets. */
  readonly host: string;
  /** Empty where none was given. */
  readonly port: string;
}

/**
 * Reads an endpoint as a client is given it. Without a scheme, clientv3 dials in clear unless it was
 * given anything of TLS.
 */
export function parseEndpoint(text: string, hasTls: boolean): Address {
  const { encrypted = hasTls, host, port } = takeApart(text);
  return { encrypted, host, port };
}

const takeApart = oncePerText((text) => {
  const [, scheme, authority = ''] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)/i.exec(text.trim()) ?? [];
  const rest = authority.slice(authority.lastIndexOf('@') + 1);
  const { host, port } = splitHostPort(rest) ?? { host: rest.replace(/^\[|\]$/g, ''), port: '' };
  const encrypted = scheme === undefined ? undefined : encryptedSchemes.has(scheme.toLowerCase());
  return { encrypted, host, port: portNumber(port) };
});

/** Go takes a port with leading zeros for the number. */
export function portNumber(port: string): string {
  return port.replace(/^0+(?=\d)/, '');
}

/** What an HTTP client dials for a URL; the port is etcd's own where none is given, as clientv3 needs one. */
export function parseHttpUrl(
  text: string,
): { readonly scheme: 'http' | 'https'; readonly host: string; readonly port: number } | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  if ((protocol !== 'https:' && protocol !== 'http:') || hostname === '') return undefined;
  // `URL` drops a port that is the scheme's default.
  const { port } = parseEndpoint(text, true);
  return {
    scheme: protocol === 'https:' ? 'https' : 'http',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 2379 : Number(port),
  };
}

/** One spelling of each host: case, the dot at the end and the spellings of IPv6 make no difference. */
export const canonicalHost: (host: string) => string = oncePerText((host) => {
  if (!host.includes(':')) return host.toLowerCase().replace(/\.$/, '');
  const url = `http://[${withoutZone(host)}]/`;
  return URL.canParse(url) ? unmapped(new URL(url).hostname.slice(1, -1)) : host.toLowerCase();
});

/** For Go an IPv4-mapped address is the IPv4 address. */
function unmapped(address: string): string {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  return [high, low]
    .map((word) => Number.parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join('.');
}

/** Whether two are known to run on different hosts. */
export function areOnTwoHosts(one: OnHost, other: OnHost): boolean {
  return one.host !== undefined && other.host !== undefined && one.host !== other.host;
}

interface OnHost {
  readonly host?: string;
}

/** Whether a connection to an address reaches the process that listens on another, or on the same. */
export function isReachedAt(listening: string, connected: string): boolean {
  if (isWildcard(listening)) return true;
  const one = canonicalHost(listening);
  const other = canonicalHost(connected);
  if (one === other) return true;
  return isThisHost(one) && isThisHost(other) && !(isIpAddress(one) && isIpAddress(other));
}
