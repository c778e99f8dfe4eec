import type { Reading } from '../reading.ts';
import {
  alerted,
  all,
  amid,
  captured,
  nameMismatch,
  not,
  type Rule,
  says,
  saysAny,
  wantsLibraryDefault,
} from './rule.ts';

/** Rules about the names in a certificate, of either side. */
export const nameRules: readonly Rule[] = [
  {
    cause: 'SAN',
    weight: 8,
    when: all(nameMismatch, ({ line }) => line.role !== 'accepting', not(wantsLibraryDefault)),
    because: (reading) =>
      `the dialling side compared the host it dialled (${wantedHost(reading)}) with the names in the certificate`,
  },
  {
    cause: 'SAN',
    weight: 2,
    when: amid('empty-san'),
    because: 'a certificate without subject alternative names matches no host',
  },
  {
    cause: 'SAN',
    weight: 4,
    when: all(alerted('bad certificate'), amid('wildcard'), not(amid('peer-port'))),
    because: 'a wildcard matches one label of a name and never an address',
  },
  {
    cause: 'SAN-PEER',
    weight: 8,
    when: says('peer-name-mismatch'),
    because: (reading) =>
      `the peer port compared the source address ${captured(reading, 'peer-name-mismatch', 'address')} with the certificate that the member showed`,
  },
  {
    cause: 'SAN-PEER',
    weight: 8,
    when: all((reading) => reading.line.role === 'accepting', says('host-not-in-names')),
    because: 'the accepting side wrote this, so it is the check of the source address',
  },
  {
    cause: 'SAN-PEER',
    weight: 3,
    when: all(amid('peer-port'), (reading) => shownWildcard(reading)),
    because:
      'a wildcard in a peer certificate is matched through a PTR record of the source address',
  },
  {
    cause: 'SAN-PEER',
    weight: 5,
    when: amid('reverse-lookup'),
    because: 'etcd looks up the name of the source address where DNS names are in the certificate',
  },
  {
    cause: 'SAN-PEER',
    weight: 5,
    when: all(
      saysAny('eof', 'reset'),
      (reading) => reading.line.role === 'dialling' && reading.line.port === 'peer',
      not(says('stream-lost')),
    ),
    because:
      'etcd closes without an alert when the source address is not in the SANs, or by its CRL',
  },
  {
    cause: 'SAN-COPY',
    weight: 10,
    when: (reading) => saysAny('peer-name-mismatch')(reading) && showsAnotherNode(reading),
    because:
      "the certificate shown names another address of the same network: it is another node's",
  },
  {
    cause: 'SAN-COPY',
    weight: 9,
    when: all(amid('copied'), not(saysAny('unknown-authority'))),
    because: 'certificates were copied between nodes',
  },
  {
    cause: 'SRV',
    weight: 9,
    when: all(amid('srv'), not(saysAny('name-unknown'))),
    because: 'discovery by DNS SRV changes the name that is verified to the domain',
  },
];

function wantedHost(reading: Reading): string {
  const wanted = captured(reading, 'host-not-in-names', 'wanted');
  return wanted === '-' ? captured(reading, 'no-ip-names', 'wanted') : wanted;
}

function shownWildcard({ line, signals }: Reading): boolean {
  const names = [...(line.shownDnsNames ?? []), signals.get('peer-name-mismatch')?.values['names']];
  return names.some((name) => name?.includes('*.') === true) || /SAN `?\*\./.test(line.text);
}

/** IP SANs that leave the source address out, beside loopback which every node has. */
function showsAnotherNode({ line, signals }: Reading): boolean {
  const listed = line.shownIpAddresses ?? ipsIn(/IPAddresses \[([^\]]*)\]/.exec(line.text)?.[1]);
  const source = signals.get('peer-name-mismatch')?.values['address'];
  const network = source?.replace(/\.\d+$/, '.');
  const others = listed.filter((address) => !/^(?:127\.|::1$)/.test(address));
  if (source === undefined || network === undefined || others.includes(source)) return false;
  // An address far from those in the certificate is rather a NAT's than another node's; one that
  // several nodes share is nobody's copy; and .1 is the way out of most networks.
  const near = others.filter((address) => address.startsWith(network));
  return near.length === 1 && !source.endsWith('.1');
}

function ipsIn(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,"]+/).filter((word) => word !== '');
}
