import { isIpAddress, type Address, isLoopback } from './host.ts';

interface Environment {
  readonly processEnvironment: Readonly<Record<string, { readonly value: string }>>;
}

/** The proxy through which a connection of a Go program goes (net/http, ProxyFromEnvironment), as those to a peer do. */
export function proxyFor(
  { processEnvironment }: Environment,
  { host, encrypted }: Pick<Address, 'host' | 'encrypted'>,
): string | undefined {
  const name = encrypted ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = processEnvironment[name] ?? processEnvironment[name.toLowerCase()];
  if (proxy === undefined || proxy.value === '' || isNeverProxied(host)) return undefined;

  const exempt = processEnvironment['NO_PROXY'] ?? processEnvironment['no_proxy'];
  return isExempt(host, exempt?.value ?? '') ? undefined : proxy.value;
}

/** golang.org/x/net/http/httpproxy: no name but `localhost` counts as loopback. */
function isNeverProxied(host: string): boolean {
  return host === 'localhost' || (isIpAddress(host) && isLoopback(host));
}

/** golang.org/x/net/http/httpproxy: `*`, addresses, networks, and domains with all below them. */
function isExempt(host: string, list: string): boolean {
  return list.split(',').some((item) => {
    const pattern = item.trim().toLowerCase().replace(/:\d+$/, '');
    if (pattern === '') return false;
    if (pattern === '*' || pattern === host) return true;
    if (pattern.includes('/')) return isInNetwork(host, pattern);
    return !isIpAddress(host) && host.endsWith(`.${pattern.replace(/^\*?\./, '')}`);
  });
}

function isInNetwork(host: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const [address, start] = [toNumber(host), toNumber(base)];
  if (address === undefined || start === undefined) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(address / size) === Math.floor(start / size);
}

/** IPv4 alone: networks of IPv6 in NO_PROXY were not met. */
function toNumber(address: string): number | undefined {
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || !isIpAddress(address)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
