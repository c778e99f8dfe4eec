import { deployed } from '../plan.ts';
import { noFile } from '../recipe.ts';
import { farAhead, type Fault, longAgo } from './fault.ts';

/** A certificate of the first member for dialling its peers, which etcd 3.5 and later can keep apart. */
const outgoingCertificate = {
  ETCD_PEER_CLIENT_CERT_FILE: deployed('node_1_dialling_cert.pem'),
  ETCD_PEER_CLIENT_KEY_FILE: deployed('node_1_dialling_key_insecure.pem'),
} as const;

/** Mistakes between members. Three of them, the first being at fault. */
const betweenMembers: readonly Omit<Fault, 'members'>[] = [
  {
    name: 'sound-peers',
    what: 'three members are as they should be',
    changes: {},
  },
  {
    name: 'peer-without-server-auth',
    what: 'the peer certificate of node1 is for clients alone',
    catalogue: [67],
    changes: { leaves: { node_1_peer: { usages: ['clientAuth'] } } },
  },
  {
    name: 'peer-for-another-address',
    what: 'the peer certificate of node1 is for another address',
    catalogue: [68, 69],
    changes: { leaves: { node_1_peer: { hosts: ['10.9.9.9'] } } },
  },
  {
    name: 'peer-dials-from-another-address',
    what: 'node1 dials its peers with a certificate for another address',
    catalogue: [69],
    since: '3.5',
    changes: {
      leaves: {
        node_1_dialling: { signedBy: 'peer_ca', hosts: ['10.9.9.9'], usages: ['clientAuth'] },
      },
      environment: outgoingCertificate,
    },
  },
  {
    name: 'peer-dials-without-names',
    what: 'node1 dials its peers with a certificate without names, which is sound',
    catalogue: [69],
    since: '3.5',
    changes: {
      leaves: { node_1_dialling: { signedBy: 'peer_ca', usages: ['clientAuth'] } },
      environment: outgoingCertificate,
    },
  },
  {
    name: 'peer-source-not-verified',
    what: 'the other members do not compare names with addresses, so that node1 gets in',
    catalogue: [69],
    since: '3.5',
    changes: {
      leaves: {
        node_1_dialling: { signedBy: 'peer_ca', hosts: ['10.9.9.9'], usages: ['clientAuth'] },
      },
      everywhere: { ETCD_EXPERIMENTAL_PEER_SKIP_CLIENT_SAN_VERIFICATION: 'true' },
      environment: outgoingCertificate,
    },
  },
  {
    name: 'peer-of-another-authority',
    what: 'the peer certificate of node1 comes from an authority that the others do not trust',
    catalogue: [71],
    changes: {
      authorities: { foreign: { commonName: 'somebody else' } },
      leaves: { node_1_peer: { signedBy: 'foreign' } },
      files: { 'foreign_cert.pem': noFile },
    },
  },
  {
    name: 'peer-trusts-another-authority',
    what: 'node1 trusts another authority than its peers have',
    catalogue: [71],
    changes: { environment: { ETCD_PEER_TRUSTED_CA_FILE: deployed('ca_cert.pem') } },
  },
  {
    name: 'peer-of-same-named-authority',
    what: 'the peer certificate of node1 comes from an authority made anew under the old name',
    catalogue: [56, 71],
    changes: {
      authorities: { twin: { commonName: 'etcd peer CA' } },
      leaves: { node_1_peer: { signedBy: 'twin' } },
      files: { 'twin_cert.pem': noFile },
    },
  },
  {
    name: 'peer-without-names',
    what: 'the peer certificate of node1 has no names but its common name',
    catalogue: [39],
    changes: { leaves: { node_1_peer: { hosts: [] } } },
  },
  {
    name: 'peer-expired',
    what: 'the peer certificate of node1 has expired',
    catalogue: [41],
    changes: { leaves: { node_1_peer: longAgo } },
  },
  {
    name: 'peer-not-yet-valid',
    what: 'the peer certificate of node1 is not valid yet',
    catalogue: [41],
    changes: { leaves: { node_1_peer: farAhead } },
  },
  {
    name: 'allowed-name-on-one-member',
    what: 'node1 accepts only peers of a name that nobody has',
    catalogue: [75],
    changes: { environment: { ETCD_PEER_CERT_ALLOWED_CN: 'etcd-peer' } },
  },
  {
    name: 'peer-intermediate-missing',
    what: 'node1 does not send the intermediate that signed its peer certificate',
    catalogue: [79],
    changes: {
      authorities: { intermediate: { commonName: 'etcd intermediate CA', signedBy: 'peer_ca' } },
      leaves: { node_1_peer: { signedBy: 'intermediate' } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'peer-revoked',
    what: 'the others hold the peer certificate of node1 for revoked, and dial it all the same',
    catalogue: [78],
    changes: {
      leaves: { node_1_peer: { serialNumber: '5c0ffee3' } },
      files: {
        'revoked.crl': async (made) =>
          made.authority('peer_ca').revoke(['5c0ffee3'], { encoding: 'DER' }),
      },
      everywhere: { ETCD_PEER_CRL_FILE: deployed('revoked.crl') },
    },
  },
];

export const peerFaults: readonly Fault[] = betweenMembers.map((fault) => ({
  ...fault,
  members: 3,
}));
