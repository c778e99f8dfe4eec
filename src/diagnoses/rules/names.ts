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
  saysAny,
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
    when: (reading) => saysAny('peer-name-mismatch')(reading) && showsAnotherNode(reading),
    because:
      'the certificate names another address of the same network, as a copy from another node would',
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

/** One IP SAN of the source's network that is not the source: its neighbour's, or its own second one. */
function showsAnotherNode({ line, signals }: Reading): boolean {
  const source = signals.get('peer-name-mismatch')?.values['address'];
  const network = source?.replace(/\.\d+$/, '.');
  const others = (line.shownIpAddresses ?? []).filter((address) => !isLoopback(address));
  if (source === undefined || network === undefined || others.includes(source)) return false;
  const near = others.filter((address) => address.startsWith(network));
  return near.length === 1 && !source.endsWith('.1');
}
