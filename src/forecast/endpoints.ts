import { splitHostPort } from '../etcd/urls.ts';
import type { Member } from '../model/inventory.ts';

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
  const [, scheme, rest = ''] = /^(?:([a-z]+):\/\/)?([^/]*)/i.exec(text.trim()) ?? [];
  const { host, port } = splitHostPort(rest) ?? { host: rest.replace(/^\[|\]$/g, ''), port: '' };
  const encrypted = scheme === undefined ? hasTls : /^(?:https|unixs)$/i.test(scheme);
  return { encrypted, host, port };
}

/** The members that answer at an address, as far as their settings tell: none, one, or several for loopback. */
export function membersAt(
  { host, port }: Address,
  members: readonly Member[],
  which: 'client' | 'peer',
): readonly Member[] {
  const wanted = { host: canonical(host), port };
  const advertised = members.filter((member) =>
    urls(member, which).advertised.some((url) => isSame(parseEndpoint(url, true), wanted)),
  );
  if (advertised.length > 0) return advertised;
  return members.filter((member) => listensAt(member, wanted, which));
}

function listensAt(
  member: Member,
  wanted: Pick<Address, 'host' | 'port'>,
  which: 'client' | 'peer',
): boolean {
  const own = [...member.addresses, ...member.hostnames].map(canonical);
  return urls(member, which).listening.some((url) => {
    const address = parseEndpoint(url, true);
    if (address.port !== wanted.port) return false;
    if (isSame(address, wanted)) return true;
    if (isWildcard(address.host)) return isLoopback(wanted.host) || own.includes(wanted.host);
    if (isLoopback(address.host)) return isLocalhost(address.host) && isLocalhost(wanted.host);
    return own.includes(wanted.host);
  });
}

function urls({ settings }: Member, which: 'client' | 'peer') {
  return which === 'client'
    ? {
        advertised: settings.advertiseClientUrls.value,
        listening: [
          ...settings.listenClientUrls.value,
          ...(settings.listenClientHttpUrls?.value ?? []),
        ],
      }
    : {
        advertised: settings.initialAdvertisePeerUrls.value,
        listening: settings.listenPeerUrls.value,
      };
}

function isSame(address: Pick<Address, 'host' | 'port'>, wanted: Pick<Address, 'host' | 'port'>) {
  return canonical(address.host) === wanted.host && address.port === wanted.port;
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1';
}

/** Whether an address leads back to the host it is dialled from. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

/** Case and the spellings of IPv6 make no difference. */
export function canonical(host: string): string {
  if (!host.includes(':')) return host.toLowerCase().replace(/\.$/, '');
  const url = `http://[${host.replace(/%.*$/, '')}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : host.toLowerCase();
}
