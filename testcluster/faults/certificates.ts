import { clientUrl } from '../nodes.ts';
import { deployed } from '../plan.ts';
import { asDer, certificateOf, noFile, rewritten } from '../recipe.ts';
import { farAhead, type Fault, longAgo } from './fault.ts';
import { inClear, noServerCertificate } from './variables.ts';

const intermediate = {
  authorities: { intermediate: { commonName: 'etcd intermediate CA', signedBy: 'ca' } },
} as const;

/** Names, dates and usages of the certificate that clients see. */
const serverCertificates: readonly Fault[] = [
  {
    name: 'name-in-common-name-only',
    what: 'the server certificate has no names but its common name',
    catalogue: [39],
    changes: { leaves: { node_1: { hosts: [] } } },
  },
  {
    name: 'other-addresses',
    what: 'the server certificate is for another address',
    catalogue: [40],
    changes: { leaves: { node_1: { hosts: ['10.9.9.9', '10.9.9.10'] } } },
  },
  {
    name: 'server-not-yet-valid',
    what: 'the server certificate is not valid yet',
    catalogue: [41],
    changes: { leaves: { node_1: farAhead } },
  },
  {
    name: 'server-intermediate-missing',
    what: 'the server does not send the intermediate that signed it',
    catalogue: [42],
    changes: {
      ...intermediate,
      leaves: { node_1: { signedBy: 'intermediate' } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'server-with-intermediate',
    what: 'the server sends the intermediate that signed it, which is sound',
    catalogue: [42],
    changes: {
      ...intermediate,
      leaves: { node_1: { signedBy: 'intermediate', followedBy: ['intermediate'] } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'server-without-server-auth',
    what: 'the server certificate is for clients alone',
    catalogue: [43],
    changes: { leaves: { node_1: { usages: ['clientAuth'] } } },
  },
  {
    name: 'server-for-any-usage',
    what: 'the server certificate names anyExtendedKeyUsage, which is sound',
    changes: { leaves: { node_1: { usages: ['anyExtendedKeyUsage'] } } },
  },
  {
    name: 'sha1-signature',
    what: 'the server certificate is signed with SHA-1',
    catalogue: [45],
    changes: { leaves: { node_1: { hash: 'SHA-1' } } },
  },
  {
    name: 'rsa-1024',
    what: 'the server key is RSA with 1024 bits, which Go accepts',
    catalogue: [46],
    changes: { leaves: { node_1: { key: 'rsa-1024' } } },
  },
  {
    name: 'curve-without-tls',
    what: 'the server certificate is on the curve P-224',
    catalogue: [37],
    changes: { leaves: { node_1: { key: 'ec-p224' } } },
  },
  {
    name: 'rsa-suites-for-other-key',
    what: 'cipher suites are for RSA and the certificate is not, which TLS 1.3 does not mind',
    catalogue: [33],
    changes: { environment: { ETCD_CIPHER_SUITES: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' } },
  },
  {
    name: 'constrained-authority',
    what: 'the authority may not sign for localhost, which the server certificate names',
    catalogue: [47],
    changes: {
      authorities: {
        ca: {
          commonName: 'etcd cluster CA',
          nameConstraints: { permitted: { dnsNames: ['ibm.com'] } },
        },
      },
    },
  },
  {
    name: 'excluded-address',
    what: 'the authority may not sign for the network of the members',
    catalogue: [47],
    changes: {
      authorities: {
        ca: {
          commonName: 'etcd cluster CA',
          nameConstraints: { excluded: { ipRanges: ['10.104.0.0/16'] } },
        },
      },
    },
  },
  {
    name: 'critical-extension',
    what: 'the server certificate has a critical extension that nobody knows',
    catalogue: [62],
    changes: { leaves: { node_1: { extraExtensions: [{ oid: '1.2.3.4', critical: true }] } } },
  },
  {
    name: 'server-of-no-authority',
    what: 'the server certificate is its own trust anchor in the file of the authority',
    changes: {
      files: {
        'ca_cert.pem': (made) =>
          made.authority('ca').certificatePem + made.leaf('node_1').certificatePem,
      },
    },
  },
  {
    name: 'wildcard',
    what: 'the client dials a name that the wildcard in the certificate does not cover',
    changes: {
      leaves: { node_1: { hosts: ['10.104.100.236', '127.0.0.1', '*.etcd.test'] } },
      clients: { etcdctlEndpoints: ['https://localhost:2379'] },
    },
  },
];

/** What clients bring, and how they dial. */
const clients: readonly Fault[] = [
  {
    name: 'client-dials-in-clear',
    what: 'the client dials an encrypted port in clear',
    catalogue: [49, 16],
    changes: { clients: { etcdctlEndpoints: ['http://10.104.100.236:2379'] } },
  },
  {
    name: 'client-without-authority',
    what: 'the client is told of no authority',
    catalogue: [50],
    changes: { clients: { etcdctlFiles: { CACERT: undefined } } },
  },
  {
    name: 'client-without-certificate',
    what: 'the client brings no certificate',
    catalogue: [54],
    changes: { clients: { etcdctlFiles: { CERT: undefined, KEY: undefined } } },
  },
  {
    name: 'client-without-key',
    what: 'the client is told of a certificate and no key',
    catalogue: [21],
    changes: { clients: { etcdctlFiles: { KEY: undefined } } },
  },
  {
    name: 'client-key-mismatch',
    what: 'the client has the key of another certificate',
    catalogue: [23],
    changes: {
      clients: { etcdctlFiles: { KEY: deployed('node_1_key_insecure.pem') } },
    },
  },
  {
    name: 'client-of-same-named-authority',
    what: 'the client comes from an authority made anew under the old name',
    catalogue: [56],
    changes: {
      authorities: { twin: { commonName: 'etcd cluster CA' } },
      files: { 'twin_cert.pem': noFile },
      leaves: { client: { signedBy: 'twin' } },
    },
  },
  {
    name: 'client-of-same-named-authority-rsa',
    what: 'the client comes from an authority made anew under the old name, both with RSA',
    catalogue: [56],
    changes: {
      authorities: {
        ca: { commonName: 'etcd cluster CA', key: 'rsa-2048' },
        twin: { commonName: 'etcd cluster CA', key: 'rsa-2048' },
      },
      files: { 'twin_cert.pem': noFile },
      leaves: { client: { signedBy: 'twin' } },
    },
  },
  {
    name: 'expired-client',
    what: 'the client certificate has expired',
    catalogue: [57],
    changes: { leaves: { client: longAgo } },
  },
  {
    name: 'client-not-yet-valid',
    what: 'the client certificate is not valid yet',
    catalogue: [57],
    changes: { leaves: { client: farAhead } },
  },
  {
    name: 'client-without-client-auth',
    what: 'the client certificate is for servers alone',
    catalogue: [58],
    changes: { leaves: { client: { usages: ['serverAuth'] } } },
  },
  {
    name: 'client-without-usages',
    what: 'the client certificate says nothing of usages, which is sound',
    changes: { leaves: { client: { usages: [] } } },
  },
  {
    name: 'authority-for-servers',
    what: 'the authority is restricted to servers',
    catalogue: [58],
    changes: {
      authorities: {
        ca: { commonName: 'etcd cluster CA', extendedKeyUsages: ['serverAuth'] },
      },
    },
  },
  {
    name: 'client-intermediate-missing',
    what: 'the client does not send the intermediate that signed it',
    catalogue: [59],
    changes: {
      ...intermediate,
      leaves: { client: { signedBy: 'intermediate' } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'client-intermediate-trusted',
    what: 'the intermediate that signed the client is among the authorities, which is sound',
    catalogue: [59],
    changes: {
      ...intermediate,
      leaves: { client: { signedBy: 'intermediate' } },
      files: { 'ca_cert.pem': certificateOf('ca', 'intermediate') },
    },
  },
  {
    name: 'path-too-long',
    what: 'the authority allows no intermediate, and there is one',
    catalogue: [62],
    changes: {
      authorities: {
        ca: { commonName: 'etcd cluster CA', pathLength: 0 },
        intermediate: { commonName: 'etcd intermediate CA', signedBy: 'ca' },
      },
      leaves: { client: { signedBy: 'intermediate', followedBy: ['intermediate'] } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'client-with-critical-extension',
    what: 'the client certificate has a critical extension that nobody knows',
    catalogue: [62],
    changes: { leaves: { client: { extraExtensions: [{ oid: '1.2.3.4', critical: true }] } } },
  },
  {
    name: 'client-with-negative-serial-number',
    what: 'the client certificate has a negative serial number',
    catalogue: [95],
    changes: { leaves: { client: { serialOctets: '80' } } },
  },
  {
    name: 'client-signed-with-sha1',
    what: 'the client certificate is signed with SHA-1',
    catalogue: [45],
    changes: { leaves: { client: { hash: 'SHA-1' } } },
  },
  {
    name: 'server-in-clear-client-encrypted',
    what: 'the client port has no certificate and no encryption, and clients want it',
    catalogue: [48],
    changes: {
      environment: (node) => ({
        ...noServerCertificate,
        ETCD_LISTEN_CLIENT_URLS: inClear(clientUrl(node)),
        ETCD_ADVERTISE_CLIENT_URLS: inClear(clientUrl(node)),
      }),
    },
  },
];

/** Faults in the content of the authority's file. */
const authorities: readonly Fault[] = [
  {
    name: 'empty-authority-file',
    what: 'the file of the authority is empty',
    catalogue: [29],
    changes: {
      files: { 'client_ca.pem': () => '' },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'garbage-authority-file',
    what: 'the file of the authority holds no PEM',
    catalogue: [29],
    changes: {
      files: { 'client_ca.pem': () => 'not found\n' },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'authority-as-der',
    what: 'the authority is DER',
    catalogue: [29],
    changes: {
      files: { 'client_ca.pem': asDer(certificateOf('ca')) },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'authority-with-byte-order-mark',
    what: 'the file of the authority begins with a byte order mark',
    catalogue: [29],
    changes: {
      files: { 'client_ca.pem': rewritten(certificateOf('ca'), (text) => `\uFEFF${text}`) },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'indented-authority',
    what: 'the lines of the authority are indented',
    catalogue: [29],
    changes: {
      files: {
        'client_ca.pem': rewritten(certificateOf('ca'), (text) => text.replaceAll(/^/gm, '  ')),
      },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'glued-authorities',
    what: 'two authorities stand in one file without a line break between them',
    catalogue: [30],
    changes: {
      files: {
        'client_ca.pem': (made) =>
          made.authority('ca').certificatePem.trimEnd() + made.authority('peer_ca').certificatePem,
      },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'expired-authority',
    what: 'the authority has expired',
    catalogue: [60],
    changes: { authorities: { ca: { commonName: 'etcd cluster CA', ...longAgo } } },
  },
  {
    name: 'issuer-is-no-authority',
    what: 'what signed everything says that it is no authority',
    catalogue: [61],
    changes: { authorities: { ca: { commonName: 'etcd cluster CA', isCa: false } } },
  },
  {
    name: 'authority-without-sign-usage',
    what: 'the key usage of the authority does not let it sign certificates',
    catalogue: [61],
    changes: { authorities: { ca: { commonName: 'etcd cluster CA', keyUsages: ['cRLSign'] } } },
  },
  {
    name: 'authority-of-version-one',
    what: 'the authority is a certificate of version 1, which Go accepts as an anchor',
    changes: { authorities: { ca: { commonName: 'etcd cluster CA', versionOne: true } } },
  },
  {
    name: 'client-as-authority',
    what: 'the client certificate itself is the trusted authority',
    changes: {
      files: { 'client_ca.pem': (made) => made.leaf('client').certificatePem },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
  {
    name: 'root-not-in-file',
    what: 'only the intermediate is trusted and not its root, which Go accepts',
    changes: {
      ...intermediate,
      leaves: {
        client: { signedBy: 'intermediate' },
        node_1: { signedBy: 'intermediate' },
      },
      files: { 'ca_cert.pem': certificateOf('intermediate'), 'intermediate_cert.pem': noFile },
    },
  },
];

export const certificateFaults: readonly Fault[] = [
  ...serverCertificates,
  ...clients,
  ...authorities,
];
