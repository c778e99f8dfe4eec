import { getOrMake } from '../model/get-or-make.ts';
import { isLoopback, isWildcard, joinHostPort } from '../model/host.ts';
import type { MemberSettings, Setting } from '../model/settings.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';
import { problem } from './settings-problem.ts';
import { type EtcdUrl, parseUrls } from './urls.ts';
import type { EtcdVersion } from './version.ts';

type Urls = Setting<readonly string[]>;

/** One socket that etcd binds, and the setting that asks for it. */
interface Socket {
  readonly urls: Urls;
  readonly url: EtcdUrl;
  /** The setting's name where it has its default. */
  readonly flag: string;
}

/**
 * Two listeners on one address and port: the kernel refuses the second, since etcd does not share ports.
 * etcd binds peer URLs first, then client URLs, and metrics URLs once it has joined (embed/etcd.go).
 */
export function findAddressConflicts(settings: MemberSettings, version: EtcdVersion): Problems {
  const byPort = new Map<string, Map<string, Socket>>();
  for (const socket of allSockets(settings, version)) {
    const atPort = getOrMake(byPort, socket.url.port, () => new Map<string, Socket>());
    const host = bound(socket.url);
    const [first] = atPort.values();
    const earlier = host === '::' ? first : (atPort.get(host) ?? atPort.get('::'));
    if (earlier !== undefined) return [conflict(earlier, socket)];
    atPort.set(host, socket);
  }
  return [];
}

interface Named {
  readonly name: string;
  readonly settings: MemberSettings;
}

function isStated({ urls }: Socket): boolean {
  return urls.origin.via !== 'default';
}

/** Two processes on one host: whichever starts second finds the address taken. */
export function findConflictOf(
  { name, settings }: Named,
  earlier: Named,
  { version, mayBeApart }: { readonly version: EtcdVersion; readonly mayBeApart: boolean },
): SettingsProblem | undefined {
  const isMet = ({ url: { host } }: Socket): boolean =>
    !mayBeApart || !(isWildcard(host) || isLoopback(host));
  const others = allSockets(earlier.settings, version).filter(isMet);
  for (const socket of allSockets(settings, version).filter(isMet)) {
    const other = others.find((each) => areOne(each, socket));
    if (other === undefined) continue;
    // A default is in no file; the setting of the other member is.
    return isStated(other) && !isStated(socket)
      ? conflictBetween(socket, other, socket, ` of ${name}`)
      : conflictBetween(socket, socket, other, ` of ${earlier.name}`);
  }
  return undefined;
}

function allSockets(settings: MemberSettings, version: EtcdVersion): readonly Socket[] {
  const { listenPeerUrls, listenClientUrls, listenClientHttpUrls, listenMetricsUrls } = settings;
  return [
    ...socketsOf(listenPeerUrls, 'listen-peer-urls', version),
    ...oncePerAddress(socketsOf(listenClientUrls, 'listen-client-urls', version)),
    ...oncePerAddress(socketsOf(listenClientHttpUrls, 'listen-client-http-urls', version)),
    ...socketsOf(listenMetricsUrls, 'listen-metrics-urls', version),
  ];
}

function socketsOf(urls: Urls | undefined, flag: string, version: EtcdVersion): readonly Socket[] {
  if (urls === undefined || urls.origin.via === 'assumed') return [];
  const parsed = parseUrls(urls.value, version);
  if (!parsed.ok) return [];
  return parsed.urls
    .filter(({ scheme, port }) => !scheme.startsWith('unix') && port !== '' && port !== '0')
    .map((url) => ({ urls, url, flag }));
}

/** http and https URLs for clients share a socket where their addresses are written alike. */
function oncePerAddress(sockets: readonly Socket[]): readonly Socket[] {
  return [
    ...new Map(sockets.map((socket) => [`${socket.url.host} ${socket.url.port}`, socket])).values(),
  ];
}

/** Two lists for clients on one address are refused before anything is bound, in words of their own. */
function areOne(one: Socket, other: Socket): boolean {
  if (one.url.port !== other.url.port) return false;
  const hosts = [bound(one.url), bound(other.url)];
  return hosts[0] === hosts[1] || hosts.includes('::');
}

/** Go binds both families where the wildcard of either is given, and resolves localhost to IPv4. */
function bound({ host }: EtcdUrl): string {
  return { localhost: '127.0.0.1', '0.0.0.0': '::', '': '::' }[host] ?? host;
}

function conflict(earlier: Socket, later: Socket): SettingsProblem {
  const [blamed, other] = later.urls.origin.via === 'default' ? [earlier, later] : [later, earlier];
  return conflictBetween(later, blamed, other);
}

function conflictBetween(
  later: Socket,
  blamed: Socket,
  other: Socket,
  owner = '',
): SettingsProblem {
  const { host, port } = later.url;
  const address = joinHostPort(host === 'localhost' ? '127.0.0.1' : host, port);
  const { origin } = blamed.urls;
  return problem(
    'refused-at-start',
    { ...blamed.urls, origin: { ...origin, name: origin.name ?? `--${blamed.flag}` } },
    'address-in-use',
    `listen tcp ${address}: bind: address already in use`,
    { url: blamed.url.text, other: `${other.url.text}${owner} ${named(other.urls)}` },
  );
}

function named({ origin }: Urls): string {
  return origin.name === undefined ? 'by default' : `(${origin.name})`;
}
