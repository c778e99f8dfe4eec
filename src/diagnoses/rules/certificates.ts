import type { Reading } from '../reading.ts';
import { alerted, all, amid, captured, not, type Rule, says, saysAny } from './rule.ts';

const nameMismatch = saysAny('host-not-in-names', 'no-ip-names', 'common-name-only');
const untrusted = saysAny('unknown-authority', 'self-signed', 'issuer-not-found');
/** etcd judged the client, rather than somebody judging etcd. */
const etcdRefusedClient = (reading: Reading): boolean =>
  reading.signals.has('verification-by-server') ||
  (reading.line.role === 'accepting' && !reading.signals.has('remote-alert'));

/** Rules about which certificate was refused, and for what. */
export const certificateRules: readonly Rule[] = [
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
    cause: 'SRV',
    weight: 9,
    when: all(amid('srv'), not(saysAny('name-unknown'))),
    because: 'discovery by DNS SRV changes the name that is verified to the domain',
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
    cause: 'CLIENT-LIB',
    weight: 9,
    when: wantsLibraryDefault,
    because:
      'the name that was looked for is `etcd`, which jetcd takes for the authority where it is told none',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: says('client-without-alpn'),
    because: "the client's own TLS library cannot negotiate HTTP/2, so nothing was sent yet",
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: all(amid('given-nevertheless'), saysAny('remote-alert', 'issuer-not-found')),
    because: 'the client was given its files and does not use them',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 7,
    when: says('sni-rejected'),
    because: 'the client sent a server name that its own library refuses',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: all(
      amid('first-endpoint', 'upgrade'),
      (reading) => nameMismatch(reading) || amid('first-endpoint')(reading),
    ),
    because:
      'older clients verified every endpoint against the host of the first one (clientv3 before 3.4.2)',
  },
  {
    cause: 'SAN',
    weight: 4,
    when: all(alerted('bad certificate'), amid('wildcard'), not(amid('peer-port'))),
    because: 'a wildcard matches one label of a name and never an address',
  },
  {
    cause: 'EKU',
    weight: 9,
    when: says('wrong-usage'),
    because: 'a certificate was shown in a role that its extended key usage does not allow',
  },
  {
    cause: 'EKU',
    weight: 3,
    when: all(
      alerted('bad certificate'),
      amid('from-itself', 'otherwise-healthy', 'gateway'),
      not(nameMismatch),
      saysAny('gateway-dial', 'late-alert', 'remote-alert'),
      // The gateway trusts whatever its own member serves (embed/serve.go): it refuses nobody.
      ({ line }) => line.role !== 'accepting',
    ),
    because: 'a member that is refused by itself while all else works is its gRPC gateway',
  },
  {
    cause: 'EKU',
    weight: 4,
    when: all(
      alerted('bad certificate'),
      saysAny('gateway-dial', 'late-alert'),
      not(amid('dials-another')),
    ),
    because: 'etcd dials itself with its server certificate, which then needs clientAuth',
  },
  {
    cause: 'EKU',
    weight: 4,
    when: all(
      alerted('bad certificate'),
      ({ line }) => line.role === 'dialling' && line.port !== 'peer',
      (reading) => reading.line.writtenBy === 'etcd' || amid('in-etcd-log')(reading),
    ),
    because: 'etcd itself wrote this of a connection that it had dialled: to its own client port',
  },
  {
    cause: 'EKU-CHAIN',
    weight: 10,
    when: all(says('wrong-usage'), amid('intermediate')),
    because: 'Go applies the extended key usage of every CA in the chain to the leaf',
  },
  {
    cause: 'EXPIRED',
    weight: 9,
    when: says('expired'),
    because: (reading) => `the validity ended at ${captured(reading, 'expired', 'limit')}`,
  },
  {
    cause: 'EXPIRED',
    weight: 6,
    when: all(says('outside-validity'), not(says('not-yet-valid'))),
    because: 'the moment of the handshake lies outside the validity of a certificate',
  },
  {
    cause: 'EXPIRED',
    weight: 9,
    when: alerted('certificate expired'),
    because: 'the other side sent the alert for a certificate outside its validity',
  },
  {
    cause: 'EXPIRED',
    weight: 5,
    when: amid('after-a-while'),
    because: 'it worked until a round period had passed',
  },
  {
    cause: 'RELOAD',
    weight: 10,
    when: all(saysAny('expired'), amid('renewal')),
    because:
      'a certificate was renewed and an expired one is shown still, so a process holds the old one',
  },
  {
    cause: 'CLOCK',
    weight: 10,
    when: says('not-yet-valid'),
    because: (reading) =>
      `the verifying side's clock says ${captured(reading, 'not-yet-valid', 'now')}, before the certificate begins`,
  },
  {
    cause: 'CLOCK',
    weight: 5,
    when: (reading) => says('clock-difference')(reading) || amid('clock-mentioned')(reading),
    because: 'a difference of clocks is mentioned',
  },
  {
    cause: 'CLOCK',
    weight: 4,
    when: all(says('outside-validity'), not(saysAny('expired')), saysAny('deadline')),
    because: 'a date check that fails on one host and not on others points to its clock',
  },
  {
    cause: 'CA-MIX',
    weight: 10,
    when: all(says('candidate-authority'), not(saysAny('insecure-algorithm', 'cannot-sign'))),
    because: (reading) =>
      `a CA named "${captured(reading, 'candidate-authority', 'authority')}" is trusted, but its key did not make the signature`,
  },
  {
    cause: 'CA-MIX',
    weight: 5,
    when: all(amid('new-ca'), not(amid('not-restarted'))),
    because: 'a second CA was made',
  },
  {
    cause: 'CA-ROT',
    weight: 8,
    when: all(amid('not-restarted'), amid('about-authorities')),
    because: 'CA files are read once, at start',
  },
  {
    cause: 'CA-ROT',
    weight: 6,
    when: amid('rotated-authority'),
    because: 'while a CA is changed, every side has to trust both before the first new leaf comes',
  },
  {
    cause: 'RELOAD',
    weight: 7,
    when: all(amid('not-restarted'), not(amid('about-authorities'))),
    because: 'what is on disk is not what the process uses',
  },
  {
    cause: 'CA-ROT',
    weight: 4,
    when: amid('question-of-ca-bundle'),
    because: 'during a change of CA both have to be in the bundle',
  },
  {
    cause: 'CA-SERVER',
    weight: 7,
    when: all(etcdRefusedClient, says('unknown-authority')),
    because: 'etcd judged the client certificate, and no CA that it trusts has signed it',
  },
  {
    cause: 'CA-SERVER',
    weight: 8,
    when: all(amid('gateway'), says('unknown-authority')),
    because:
      'the gateway shows the server certificate to its own member, which judges it as a client',
  },
  {
    cause: 'CA-SERVER',
    weight: 8,
    when: all(alerted('unknown ca'), (reading) => reading.line.role !== 'accepting'),
    because: 'the alert came to the client: etcd is the side that does not know the CA',
  },
  {
    cause: 'CA-CLIENT',
    weight: 8,
    when: all(alerted('unknown ca'), (reading) => reading.line.role === 'accepting'),
    because: 'the alert came to etcd: the client is the side that does not know the CA',
  },
  {
    cause: 'CA-CLIENT',
    weight: 7,
    when: all(untrusted, not(etcdRefusedClient)),
    because: 'the dialling side found no trusted CA for the certificate that etcd served',
  },
  {
    cause: 'CA-CLIENT',
    weight: 9,
    when: says('no-system-roots'),
    because: 'no CA was configured, and the system has none either',
  },
  {
    cause: 'CA-CLIENT',
    weight: 1,
    when: all(alerted('bad certificate'), (reading) => reading.line.role === 'accepting'),
    because: 'Go clients send this alert for every fault they find in the server certificate',
  },
  {
    cause: 'CHAIN',
    weight: 9,
    when: saysAny('path-length', 'cannot-sign'),
    because: 'a certificate in the chain may not sign the next one',
  },
  {
    cause: 'CHAIN',
    weight: 9,
    when: says('name-constraint'),
    because: 'a CA in the chain is limited to other names',
  },
  {
    cause: 'CHAIN',
    weight: 3,
    when: all(amid('intermediate'), untrusted),
    because: 'who trusts the root alone needs the intermediate from the other side',
  },
  {
    cause: 'CHAIN',
    weight: 6,
    when: amid('intermediate'),
    because: 'an intermediate certificate is involved',
  },
  {
    cause: 'VERSION',
    weight: 12,
    when: saysAny('insecure-algorithm'),
    because: 'the signature algorithm of a certificate is refused by this release',
  },
  {
    cause: 'NOCERT',
    weight: 8,
    when: saysAny('no-certificate-shown'),
    because: 'the server asked for a certificate and none came',
  },
  {
    cause: 'NOCERT',
    weight: 9,
    when: alerted('certificate required'),
    because: 'this alert (116) has that one meaning',
  },
  {
    cause: 'NOCERT',
    weight: 3,
    when: all(alerted('bad certificate'), (reading) => reading.line.role !== 'accepting'),
    because: 'etcd built with Go before 1.21 sends the same alert when no certificate came',
  },
  {
    cause: 'NOCERT',
    weight: 4,
    when: all(alerted('bad certificate'), amid('works-elsewhere'), not(amid('upgrade'))),
    because: 'the same files are accepted from another program, so this one does not send them',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 6,
    when: all(saysAny('no-certificate-shown'), amid('probe', 'periodic', 'from-itself')),
    because: 'its origin or cadence is that of a health probe',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 11,
    when: all(
      alerted('bad certificate', 'certificate required', 'handshake failure'),
      amid('probe'),
      ({ line }) => line.role !== 'accepting',
    ),
    because: 'the probe of a kubelet, an API server or a balancer has no certificate to show',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 4,
    when: all(amid('probe'), ({ signals }) => signals.size === 0),
    because: 'probes over HTTP have no certificate to show where clients are authenticated',
  },
  {
    cause: 'RELOAD',
    weight: 6,
    when: all(amid('renewal'), amid('not-restarted')),
    because: 'a renewed file is not what the process uses',
  },
];

/** `No subject alternative DNS name matching etcd found`: no URL of a real deployment says `etcd` alone. */
function wantsLibraryDefault(reading: Reading): boolean {
  return (
    reading.signals.get('host-not-in-names')?.values['wanted'] === 'etcd' &&
    reading.line.writtenBy === 'java'
  );
}

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
