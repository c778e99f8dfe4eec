import { once, oncePerText } from '../model/once.ts';
import { declaresGo, runsOnGo } from './go-release-of.ts';
import { quote } from '../pki/go-text.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import { portNumber, splitHostPort } from '../model/host.ts';

/** A URL as etcd takes it apart; Go's url.Parse followed by etcd's own demands. */
export interface EtcdUrl {
  /** As written, blanks around it removed. */
  readonly text: string;
  readonly scheme: 'http' | 'https' | 'unix' | 'unixs';
  /** Without brackets around IPv6. Empty for `http://:2379`. */
  readonly host: string;
  readonly port: string;
  /** True for `https` and `unixs`. */
  readonly encrypted: boolean;
}

/** etcd's defaults (embed/config.go). */
export const defaultUrls = {
  'listen-client-urls': ['http://localhost:2379'],
  'advertise-client-urls': ['http://localhost:2379'],
  'listen-peer-urls': ['http://localhost:2380'],
  'initial-advertise-peer-urls': ['http://localhost:2380'],
} as const;

export type ParsedUrls =
  | { readonly ok: true; readonly urls: readonly EtcdUrl[] }
  /** In Go's or etcd's words. */
  | { readonly ok: false; readonly error: string };

/** Reads a comma list as etcd's types.NewURLs does, which also sorts it. */
export function parseUrls(list: readonly string[], version: EtcdVersion): ParsedUrls {
  const urls: EtcdUrl[] = [];
  for (const item of list) {
    const parsed = urlsUnder(version)(item.trim());
    if (!parsed.ok) return parsed;
    urls.push(parsed.url);
  }
  return { ok: true, urls: urls.toSorted((left, right) => (left.text < right.text ? -1 : 1)) };
}

type ParsedUrl =
  | { readonly ok: true; readonly url: EtcdUrl }
  | { readonly ok: false; readonly error: string };

const urlsUnder = once((version: EtcdVersion) => oncePerText((text) => parseUrl(text, version)));

function parseUrl(text: string, version: EtcdVersion): ParsedUrl {
  const parts = takeApart(text, version);
  if ('error' in parts) return { ok: false, error: parts.error };

  const { scheme, authority, path } = parts;
  if (!isScheme(scheme)) return { ok: false, error: refusedScheme(text) };

  const encrypted = scheme === 'https' || scheme === 'unixs';
  // Unix sockets were held to the same rules before 3.5.13 (client/pkg/types/urls.go).
  if (scheme.startsWith('unix') && isAtLeast(version, '3.5.13')) {
    return { ok: true, url: { text, scheme, host: authority + path, port: '', encrypted } };
  }
  const address = splitHostPort(authority);
  if (address === undefined) {
    return { ok: false, error: `URL address does not have the form "host:port": ${text}` };
  }
  if (path !== '') return { ok: false, error: `URL must not contain a path: ${text}` };
  const { host, port } = address;
  return { ok: true, url: { text, scheme, host, port: portNumber(port), encrypted } };
}

function isScheme(scheme: string): scheme is EtcdUrl['scheme'] {
  return ['http', 'https', 'unix', 'unixs'].includes(scheme);
}

function refusedScheme(text: string): string {
  return `URL scheme must be http, https, unix, or unixs: ${text}`;
}

type Parts =
  | { readonly scheme: string; readonly authority: string; readonly path: string }
  | { readonly error: string };

/** What Go's url.Parse does before etcd looks: scheme, authority, path, and its own errors. */
function takeApart(text: string, version: EtcdVersion): Parts {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/.exec(text);
  if (match === null) return withoutScheme(text, version);

  const [, scheme = '', written = '', path = ''] = match;
  // A user before the host is none of it.
  const authority = written.slice(written.lastIndexOf('@') + 1);
  const port = portOf(authority, version);
  if (port !== undefined && !/^:\d*$/.test(port)) {
    return { error: `${parsing(text, version)}: invalid port ${quote(port)} after host` };
  }
  return { scheme: scheme.toLowerCase(), authority, path };
}

/**
 * From Go 1.26 on a port begins at the first colon, which IPv6 without brackets does not survive. A newer
 * Go keeps to the older rule for the sake of a module that names an older one (GODEBUG urlstrictcolons).
 */
function portOf(authority: string, version: EtcdVersion): string | undefined {
  const bare = authority.replace(/^\[[^\]]*\]/, '');
  return (declaresGo(version, '1.26') ? /:.*$/s : /:[^:\]]*$/).exec(bare)?.[0];
}

/** Go refuses a colon in the first segment of something without a scheme, such as 10.0.0.1:2379. */
function withoutScheme(text: string, version: EtcdVersion): Parts {
  const prefix = parsing(text, version);
  if (text.startsWith(':')) return { error: `${prefix}: missing protocol scheme` };
  if (!/^[^/?]*:/.test(text)) return { error: refusedScheme(text) };
  return { error: `${prefix}: first path segment in URL cannot contain colon` };
}

/** Go puts the URL in quotes since 1.14. */
function parsing(text: string, version: EtcdVersion): string {
  return `parse ${runsOnGo(version, '1.14') ? quote(text) : text}`;
}
