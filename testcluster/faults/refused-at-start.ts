import { inForm, p256Parameters } from '../issue/keys.ts';
import { peerUrl } from '../nodes.ts';
import { deployed } from '../plan.ts';
import { asDer, certificateOf, chainOf, keyOf, rewritten } from '../recipe.ts';
import type { Fault } from './fault.ts';
import {
  clientSection,
  configText,
  inClear,
  noPeerCertificate,
  noServerCertificate,
} from './variables.ts';

const byteOrderMark = '\uFEFF';

/** Mistakes after which etcd does not start, or ends when it should serve clients. */
const missing: readonly Fault[] = [
  {
    name: 'no-server-certificate',
    what: 'the client port is to be encrypted without a certificate',
    catalogue: [19],
    changes: { environment: noServerCertificate },
  },
  {
    name: 'no-peer-certificate',
    what: 'the peer port is to be encrypted without a certificate',
    catalogue: [20],
    changes: { environment: noPeerCertificate },
  },
  {
    name: 'certificate-without-key',
    what: 'the server certificate is set and its key is not',
    catalogue: [21],
    changes: { environment: { ETCD_KEY_FILE: undefined } },
  },
  {
    name: 'key-without-certificate',
    what: 'the server key is set and its certificate is not',
    catalogue: [21],
    changes: { environment: { ETCD_CERT_FILE: undefined } },
  },
  {
    name: 'peer-certificate-without-key',
    what: 'the peer certificate is set and its key is not',
    catalogue: [21],
    changes: { environment: { ETCD_PEER_KEY_FILE: undefined } },
  },
  {
    name: 'missing-server-certificate',
    what: 'there is no file where the server certificate should be',
    catalogue: [22],
    changes: { environment: { ETCD_CERT_FILE: deployed('nothing.pem') } },
  },
  {
    name: 'missing-peer-key',
    what: 'there is no file where the peer key should be',
    catalogue: [22],
    changes: { environment: { ETCD_PEER_KEY_FILE: deployed('nothing.pem') } },
  },
  {
    name: 'missing-authority',
    what: 'there is no file where the authority should be',
    catalogue: [22],
    changes: { environment: { ETCD_TRUSTED_CA_FILE: deployed('nothing.pem') } },
  },
];

const unusable: readonly Fault[] = [
  {
    name: 'key-of-other-algorithm',
    what: 'the certificate is for RSA and the key is not',
    catalogue: [23],
    changes: {
      leaves: { node_1: { key: 'rsa-2048' } },
      files: { 'node_1_key_insecure.pem': keyOf('client') },
    },
  },
  {
    name: 'peer-key-mismatch',
    what: 'the peer key belongs to another certificate',
    catalogue: [23],
    changes: { files: { 'node_1_peer_key_insecure.pem': keyOf('client') } },
  },
  {
    name: 'chain-in-wrong-order',
    what: 'the authority comes before the server certificate',
    catalogue: [24],
    changes: {
      files: {
        'node_1_cert.pem': (made) =>
          made.authority('ca').certificatePem + made.leaf('node_1').certificatePem,
      },
    },
  },
  {
    name: 'encrypted-key',
    what: 'the server key has a passphrase',
    catalogue: [25],
    changes: { leaves: { node_1: { keyForm: 'encrypted PKCS#8' } } },
  },
  {
    name: 'encrypted-key-of-old',
    what: 'the peer key has a passphrase in the old form',
    catalogue: [25],
    changes: { leaves: { node_1_peer: { keyForm: 'encrypted legacy' } } },
  },
  {
    name: 'pss-key',
    what: 'the peer key is for RSA-PSS alone',
    catalogue: [25],
    changes: { leaves: { node_1_peer: { key: 'rsa-pss-2048' } } },
  },
  {
    name: 'certificate-as-der',
    what: 'the peer certificate is DER',
    catalogue: [26],
    changes: { files: { 'node_1_peer_cert.pem': asDer(chainOf('node_1_peer')) } },
  },
  {
    name: 'byte-order-mark',
    what: 'the server certificate begins with a byte order mark',
    catalogue: [26],
    changes: {
      files: { 'node_1_cert.pem': rewritten(chainOf('node_1'), (text) => byteOrderMark + text) },
    },
  },
  {
    name: 'swapped-files',
    what: 'certificate and key have each other’s place',
    catalogue: [27],
    changes: {
      environment: {
        ETCD_PEER_CERT_FILE: deployed('node_1_peer_key_insecure.pem'),
        ETCD_PEER_KEY_FILE: deployed('node_1_peer_cert.pem'),
      },
    },
  },
  {
    name: 'certificate-as-key',
    what: 'the certificate stands where its key should be',
    catalogue: [27],
    changes: { environment: { ETCD_PEER_KEY_FILE: deployed('node_1_peer_cert.pem') } },
  },
  {
    name: 'other-type-of-block',
    what: 'the peer certificate is in a block of the type X509 CERTIFICATE',
    changes: {
      files: {
        'node_1_peer_cert.pem': rewritten(chainOf('node_1_peer'), (text) =>
          text.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
        ),
      },
    },
  },
  {
    name: 'authority-file-with-key',
    what: 'a private key lies in the file of the peer authority',
    catalogue: [28],
    changes: {
      files: {
        'peer_ca_cert.pem': (made) =>
          made.authority('peer_ca').certificatePem + made.leaf('client').privateKeyPem,
      },
    },
  },
  {
    name: 'authority-file-with-crl',
    what: 'a revocation list lies in the file of the authority',
    catalogue: [28],
    changes: {
      files: {
        'ca_cert.pem': async (made) => {
          const authority = made.authority('ca');
          return `${authority.certificatePem}${String(await authority.revoke([]))}`;
        },
      },
    },
  },
  {
    name: 'curve-unknown',
    what: 'the peer certificate is on the curve secp256k1',
    catalogue: [37],
    changes: { leaves: { node_1_peer: { key: 'ec-secp256k1' } } },
  },
  {
    name: 'curve-unknown-on-client-port',
    what: 'the server certificate is on the curve secp256k1',
    catalogue: [37],
    changes: { leaves: { node_1: { key: 'ec-secp256k1' } } },
  },
  {
    name: 'negative-serial-number',
    what: 'the peer certificate has a negative serial number',
    catalogue: [95],
    changes: { leaves: { node_1_peer: { serialOctets: '80' } } },
  },
];

const contradictory: readonly Fault[] = [
  {
    name: 'suites-by-their-openssl-names',
    what: 'cipher suites have the names that OpenSSL gives them',
    catalogue: [31],
    changes: { environment: { ETCD_CIPHER_SUITES: 'ECDHE-ECDSA-AES128-GCM-SHA256' } },
  },
  {
    name: 'suites-with-blank',
    what: 'there is a blank between two cipher suites',
    catalogue: [31],
    changes: {
      environment: {
        ETCD_CIPHER_SUITES:
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      },
    },
  },
  {
    name: 'suites-without-the-one-for-http2',
    what: 'no cipher suite is the one that HTTP/2 insists on',
    catalogue: [32],
    changes: {
      environment: { ETCD_CIPHER_SUITES: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384' },
    },
  },
  {
    name: 'suites-for-tls13-alone',
    what: 'cipher suites are set where only TLS 1.3 is allowed',
    catalogue: [34],
    since: '3.5.8',
    changes: {
      environment: {
        ETCD_TLS_MIN_VERSION: 'TLS1.3',
        ETCD_CIPHER_SUITES: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      },
    },
  },
  {
    name: 'unknown-tls-version',
    what: 'the lowest TLS version is one that etcd does not offer',
    since: '3.5.8',
    changes: { environment: { ETCD_TLS_MIN_VERSION: 'TLS1.1' } },
  },
  {
    name: 'flag-before-its-time',
    what: 'the flag tls-min-version is given to an etcd that does not know it',
    catalogue: [34],
    until: '3.4.24',
    changes: { flags: ['--tls-min-version=TLS1.3'] },
  },
  {
    name: 'flag-of-old',
    what: 'the flag ca-file is given to an etcd that has lost it',
    catalogue: [93],
    since: '3.4',
    changes: { flags: ['--ca-file=/nowhere/ca.pem'] },
  },
  {
    name: 'flag-and-variable',
    what: 'the server certificate is set by flag and by variable',
    catalogue: [35],
    changes: { flags: [`--cert-file=${deployed('node_1_cert.pem')}`] },
  },
  {
    name: 'boolean-in-words',
    what: 'ETCD_CLIENT_CERT_AUTH is yes',
    catalogue: [36],
    changes: { environment: { ETCD_CLIENT_CERT_AUTH: 'yes' } },
  },
  {
    name: 'boolean-in-quotes',
    what: 'client-cert-auth is a string in the configuration file',
    catalogue: [36],
    changes: {
      configFile: (environment) =>
        configText(environment, { client: clientSection({ 'client-cert-auth': '"true"' }) }),
    },
  },
  {
    name: 'schemes-differ',
    what: 'the initial cluster says http where the member says https',
    catalogue: [38],
    changes: {
      environment: (node) => ({ ETCD_INITIAL_CLUSTER: `${node.name}=${inClear(peerUrl(node))}` }),
    },
  },
  {
    name: 'allowed-name-and-hostname',
    what: 'peers are restricted by common name and by host name',
    catalogue: [76],
    since: '3.4',
    changes: {
      environment: {
        ETCD_PEER_CERT_ALLOWED_CN: 'etcd-peer',
        ETCD_PEER_CERT_ALLOWED_HOSTNAME: 'peer.test',
      },
    },
  },
];

export const refusedAtStart: readonly Fault[] = [...missing, ...unusable, ...contradictory];

/** Files that look wrong and are not, for Go. */
export const oddButSound: readonly Fault[] = [
  {
    name: 'parameters-before-key',
    what: 'the parameters of its curve come before the server key, as OpenSSL writes them',
    changes: {
      leaves: { node_1: { keyForm: 'SEC1' } },
      files: {
        'node_1_key_insecure.pem': rewritten(
          keyOf('node_1', 'SEC1'),
          (text) => p256Parameters + text,
        ),
      },
    },
  },
  {
    name: 'key-in-sec1',
    what: 'the server key is in the form SEC1',
    changes: { leaves: { node_1: { keyForm: 'SEC1' } } },
  },
  {
    name: 'key-in-pkcs1',
    what: 'the server key is in the form PKCS#1',
    changes: { leaves: { node_1: { key: 'rsa-2048', keyForm: 'PKCS#1' } } },
  },
  {
    name: 'certificate-and-key-in-one-file',
    what: 'certificate and key of the server are one file',
    changes: {
      files: {
        'node_1_cert.pem': (made) =>
          made.leaf('node_1').certificatePem + inForm(made.leaf('node_1').privateKeyPem, 'PKCS#8'),
      },
      environment: { ETCD_KEY_FILE: deployed('node_1_cert.pem') },
    },
  },
  {
    name: 'carriage-returns',
    what: 'the lines of the authority end as in Windows',
    changes: {
      files: {
        'ca_cert.pem': rewritten(certificateOf('ca'), (text) => text.replaceAll('\n', '\r\n')),
      },
    },
  },
  {
    name: 'words-before-the-certificate',
    what: 'the authority is described in words before its block',
    changes: {
      files: {
        'ca_cert.pem': rewritten(certificateOf('ca'), (text) => `Certificate:\n  Data: …\n${text}`),
      },
    },
  },
  {
    name: 'other-type-of-block-in-authority-file',
    what: 'the authority is in a block of the type X509 CERTIFICATE, which is read all the same',
    changes: {
      files: {
        'ca_cert.pem': rewritten(certificateOf('ca'), (text) =>
          text.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
        ),
      },
    },
  },
  {
    name: 'ed25519',
    what: 'the server certificate is on Ed25519',
    changes: { leaves: { node_1: { key: 'ed25519' } } },
  },
];
