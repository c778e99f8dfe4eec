import { noFile } from '../recipe.ts';
import type { Fault } from './fault.ts';

const upToTls12 = { ETCD_TLS_MAX_VERSION: 'TLS1.2' } as const;

/** More certificates of one name than Go tries before it gives up. */
const namesakes = Array.from({ length: 102 }, (_, index) => `namesake_${index}`);

/** What two sides cannot agree on, and certificates that they never come to judge. */
export const negotiationFaults: readonly Fault[] = [
  {
    name: 'rsa-512',
    what: 'the RSA key of node1 is too small for every signature of TLS 1.3',
    changes: { leaves: { node_1: { key: 'rsa-512' } } },
  },
  {
    name: 'peers-without-common-version',
    what: 'node1 speaks TLS 1.3 alone, and the others stop at 1.2',
    members: 3,
    since: '3.5',
    changes: {
      everywhere: upToTls12,
      environment: { ETCD_TLS_MIN_VERSION: 'TLS1.3', ETCD_TLS_MAX_VERSION: 'TLS1.3' },
    },
  },
  {
    name: 'suites-for-another-key',
    what: 'the only cipher suite of node1 is for RSA, its key is not, and TLS 1.3 is off',
    since: '3.5',
    changes: {
      environment: {
        ...upToTls12,
        ETCD_CIPHER_SUITES: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      },
    },
  },
  {
    name: 'suites-that-http2-forbids',
    what: 'the only cipher suite of node1 that fits its key is one that HTTP/2 forbids',
    since: '3.5',
    changes: {
      environment: {
        ...upToTls12,
        ETCD_CIPHER_SUITES:
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
      },
    },
  },
  {
    name: 'client-rsa-512',
    what: 'the RSA key of the client is too small for every signature of TLS 1.3',
    changes: { leaves: { client: { key: 'rsa-512' } } },
  },
  {
    name: 'client-rsa-512-under-tls12',
    what: 'the RSA key of the client has 512 bits, and TLS 1.3 is off',
    since: '3.5',
    changes: { leaves: { client: { key: 'rsa-512' } }, environment: upToTls12 },
  },
  {
    name: 'rsa-512-under-tls12',
    what: 'the RSA key of node1 has 512 bits, and TLS 1.3 is off',
    since: '3.5',
    changes: { leaves: { node_1: { key: 'rsa-512' } }, environment: upToTls12 },
  },
  {
    name: 'rsa-768',
    what: 'the RSA key of node1 has 768 bits',
    changes: { leaves: { node_1: { key: 'rsa-768' } } },
  },
  {
    name: 'client-rsa-768',
    what: 'the RSA key of the client has 768 bits',
    changes: { leaves: { client: { key: 'rsa-768' } } },
  },
  {
    name: 'peer-rsa-512',
    what: 'the RSA key of the peer certificate of node1 has 512 bits',
    members: 3,
    changes: { leaves: { node_1_peer: { key: 'rsa-512' } } },
  },
  {
    name: 'client-on-p224',
    what: 'the client certificate is on the curve P-224',
    changes: { leaves: { client: { key: 'ec-p224' } } },
  },
  {
    name: 'intermediate-in-another-file',
    what: 'the intermediate that issued the certificate of node1 is in a file that etcd does not send',
    changes: {
      authorities: { intermediate: { commonName: 'etcd intermediate CA', signedBy: 'ca' } },
      leaves: { node_1: { signedBy: 'intermediate' } },
    },
  },
  {
    name: 'too-many-authorities',
    what: 'the CA file holds more CAs of one name than Go tries, and the issuer is none of them',
    changes: {
      authorities: Object.fromEntries(
        namesakes.map((name) => [name, { commonName: 'etcd cluster CA' }]),
      ),
      leaves: { node_1: { signedBy: 'namesake_0' } },
      files: {
        ...Object.fromEntries(namesakes.map((name) => [`${name}_cert.pem`, noFile])),
        'ca_cert.pem': (made) =>
          namesakes
            .slice(1)
            .map((name) => made.authority(name).certificatePem)
            .join(''),
      },
    },
  },
];
