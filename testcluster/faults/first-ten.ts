import { keyOf, noFile } from '../recipe.ts';
import { type Fault, longAgo } from './fault.ts';

/** An authority that is trusted nowhere in the cluster, whose certificate is not among the files. */
const foreignAuthority = {
  authorities: { foreign: { commonName: 'somebody else' } },
  files: { 'foreign_cert.pem': noFile },
} as const;

/** What the certificate of node1 names in addition to its addresses. */
const otherNames = ['localhost', 'prod00kube01.ams01.service.moovel.ibm.com'];

/** The mistakes that are made most often. */
export const firstTen: readonly Fault[] = [
  {
    name: 'expired-server',
    what: 'the server certificate of node1 has expired',
    catalogue: [41],
    changes: { leaves: { node_1: longAgo } },
    finding: { check: 'certificate-expired', at: 'node1' },
  },
  {
    name: 'wrong-authority',
    what: 'the server certificate of node1 comes from an authority that nobody trusts',
    catalogue: [42],
    changes: { ...foreignAuthority, leaves: { node_1: { signedBy: 'foreign' } } },
    finding: { check: 'unknown-authority', at: 'node1' },
  },
  {
    name: 'same-named-authority',
    what: 'the server certificate of node1 comes from an authority made anew under the old name',
    catalogue: [56],
    changes: {
      authorities: { twin: { commonName: 'etcd cluster CA' } },
      files: { 'twin_cert.pem': noFile },
      leaves: { node_1: { signedBy: 'twin' } },
    },
    finding: { check: 'authority-of-same-name-with-another-key', at: 'node1' },
  },
  {
    name: 'missing-name',
    what: 'the server certificate of node1 lacks the address that clients dial',
    catalogue: [40],
    changes: { leaves: { node_1: { hosts: ['10.9.9.9', ...otherNames] } } },
    finding: { check: 'advertised-name-not-in-certificate', at: 'node1' },
  },
  {
    name: 'address-as-dns-name',
    what: 'the addresses of node1 stand in its certificate as DNS names',
    catalogue: [40],
    changes: {
      leaves: {
        node_1: {
          hosts: otherNames,
          dnsNames: ['127.0.0.1', '10.104.100.236', '37.58.99.228'],
        },
      },
    },
    finding: { check: 'ip-address-as-dns-name', at: 'node1' },
  },
  {
    name: 'server-without-client-auth',
    what: 'the server certificate of node1 may not be used to dial itself',
    catalogue: [44],
    changes: { leaves: { node_1: { usages: ['serverAuth'] } } },
    finding: { check: 'server-certificate-without-client-auth', at: 'node1' },
  },
  {
    name: 'peer-without-client-auth',
    what: 'the peer certificate of node1 may not be used to dial peers',
    catalogue: [66],
    members: 3,
    changes: { leaves: { node_1_peer: { usages: ['serverAuth'] } } },
    finding: { check: 'peer-certificate-without-client-auth', at: 'node1' },
  },
  {
    name: 'key-mismatch',
    what: 'the key of node1 belongs to another certificate',
    catalogue: [23],
    changes: { files: { 'node_1_key_insecure.pem': keyOf('client') } },
    finding: { check: 'key-of-another-certificate', at: 'node1' },
    unready: ['node1'],
  },
  {
    name: 'client-authentication-off',
    what: 'node1 asks clients for no certificate',
    catalogue: [1],
    changes: { environment: { ETCD_TRUSTED_CA_FILE: undefined, ETCD_CLIENT_CERT_AUTH: undefined } },
    finding: { check: 'client-port-admits-anonymous', at: 'node1' },
  },
  {
    name: 'foreign-client',
    what: 'the client certificate comes from an authority that no member trusts',
    catalogue: [55],
    changes: { ...foreignAuthority, leaves: { client: { signedBy: 'foreign' } } },
    finding: { check: 'unknown-authority', at: 'client_cert.pem' },
  },
];
