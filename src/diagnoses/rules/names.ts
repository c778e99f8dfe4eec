import type { Reading } from '../reading.ts';
import {
  accepting,
  all,
  captured,
  comparesAnotherHost,
  nameMismatch,
  not,
  type Rule,
  says,
  wantsLibraryDefault,
} from './rule.ts';
import { isLoopback } from '../../model/host.ts';

/** Rules about the names in a certificate, of either side. */
export const nameRules: readonly Rule[] = [
  {
    cause: 'SAN',
    weight: 8,
    when: all(nameMismatch, not(accepting), not(wantsLibraryDefault), not(comparesAnotherHost)),
    because: (reading) =>
      wantedHost(reading) === '-'
        ? 'the client compared the host it connects to with the names in the certificate'
        : `the client connects to ${wantedHost(reading)}, which the certificate does not name`,
  },
  {
    cause: 'SAN-PEER',
    weight: 8,
    when: says('peer-name-mismatch'),
    because: (reading) =>
      `the peer port compared the source address ${captured(reading, 'peer-name-mismatch', 'address')} with the certificate that the member presented`,
  },
  {
    cause: 'SAN-PEER',
    weight: 8,
    when: all(accepting, says('host-not-in-names')),
    because: 'etcd compared the source address of the connection with the certificate presented',
  },
  {
    cause: 'SAN-COPY',
    weight: 5,
    when: (reading) => ownerShown(reading) !== undefined,
    because:
      'the certificate names another address of the same network, as a copy from another node would',
  },
  {
    cause: 'SAN-COPY',
    weight: 3,
    when: (reading) => !accepting(reading) && neighbourIn(reading) !== undefined,
    because: (reading) =>
      `the certificate is for ${neighbourIn(reading)}, of the same network: a copy from there, or that host itself, to which a port forward, NAT or a DNS entry leads`,
  },
  {
    cause: 'SRV',
    weight: 9,
    when: says('srv-records'),
    because: 'etcd looks for its own name in the SRV records',
  },
];

function wantedHost(reading: Reading): string {
  const wanted = captured(reading, 'host-not-in-names', 'wanted');
  return wanted === '-' ? captured(reading, 'no-ip-names', 'wanted') : wanted;
}

/** The one IP SAN of the network of the address that was connected to, which is another address. */
export function neighbourIn(reading: Reading): string | undefined {
  const { wanted = '', names = '' } = reading.signals.get('host-not-in-names')?.values ?? {};
  if (comparesAnotherHost(reading)) return undefined;
  const near = neighboursOf(wanted, names.split(/[\s,]{1,9}/));
  return near.length === 1 ? near[0] : undefined;
}

/** Addresses of the network of an IPv4 address, but itself; none where it is among them. */
function neighboursOf(address: string, names: readonly string[]): readonly string[] {
  const network = /^(?:\d{1,3}\.){3}(?=\d{1,3}$)/.exec(address)?.[0];
  if (network === undefined || isLoopback(address) || names.includes(address)) return [];
  return names.filter((other) => other.startsWith(network));
}

/** The one IP SAN of the source's network that is not the source: its neighbour's, or its own second one. */
export function ownerShown({ line, signals }: Reading): string | undefined {
  const source = signals.get('peer-name-mismatch')?.values['address'];
  if (source === undefined || source.endsWith('.1')) return undefined;
  const near = neighboursOf(source, line.shownIpAddresses ?? []);
  return near.length === 1 ? near[0] : undefined;
}
