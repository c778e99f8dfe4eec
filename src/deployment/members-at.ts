import type { Member } from '../model/inventory.ts';
import {
  type Address,
  canonicalHost,
  isLoopback,
  isThisHost,
  isWildcard,
  parseEndpoint,
} from '../model/host.ts';

type Which = 'client' | 'peer' | 'metrics';

/** The members that answer at an address, by their settings: none, one, or several for loopback. */
export function membersAt(
  { host, port }: Address,
  members: readonly Member[],
  which: Which,
): readonly Member[] {
  const wanted = { host: canonicalHost(host), port };
  const advertised = members.filter((member) =>
    urls(member, which).advertised.some((url) => isSame(parseEndpoint(url, true), wanted)),
  );
  if (advertised.length > 0) return advertised;
  return members.filter((member) => listensAt(member, wanted, which));
}

/** Members of which nothing is known that their configuration file says, since etcd cannot read it either. */
export function membersUnread(members: readonly Member[]): readonly Member[] {
  return members.filter(({ problems }) =>
    problems.some(({ kind, name }) => kind === 'refused-at-start' && name === 'config-file'),
  );
}

function listensAt(member: Member, wanted: Pick<Address, 'host' | 'port'>, which: Which): boolean {
  const own = [...member.addresses, ...member.hostnames].map(canonicalHost);
  return urls(member, which).listening.some((url) => {
    const address = parseEndpoint(url, true);
    if (address.port !== wanted.port) return false;
    if (isSame(address, wanted)) return true;
    if (isWildcard(address.host)) return isLoopback(wanted.host) || own.includes(wanted.host);
    if (isLoopback(address.host)) return isThisHost(address.host) && isThisHost(wanted.host);
    return own.includes(wanted.host);
  });
}

function urls({ settings }: Member, which: Which) {
  if (which === 'metrics') {
    return { advertised: [], listening: settings.listenMetricsUrls?.value ?? [] };
  }
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
  return address.port === wanted.port && canonicalHost(address.host) === wanted.host;
}
