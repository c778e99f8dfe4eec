import { fromPem, toPem } from '../issue/der.ts';
import { deployed } from '../plan.ts';
import { certificateOf, type FileRecipe, noFile } from '../recipe.ts';
import type { Fault } from './fault.ts';

/** A CA file of clients that holds the CA and, after it, what `broken` makes of the CA of peers. */
function bundle(broken: (der: Uint8Array) => Uint8Array): FileRecipe {
  return (made) =>
    made.authority('ca').certificatePem +
    toPem('CERTIFICATE', broken(fromPem(made.authority('peer_ca').certificatePem)));
}

function changed(index: number, value: number): (der: Uint8Array) => Uint8Array {
  return (der) => der.with(index, value);
}

/** What can be wrong with a certificate so that a parser gives up, from its first octets on. */
const broken: Readonly<Record<string, (der: Uint8Array) => Uint8Array>> = {
  'no-sequence': () => Uint8Array.of(0x02, 0x01, 0x01),
  empty: () => Uint8Array.of(0x30, 0x00),
  'text-as-octets': () => new TextEncoder().encode('not a certificate'),
  'cut-off': (der) => der.slice(0, 200),
  'octet-after': (der) => Uint8Array.of(...der, 0),
  'bad-tbs-tag': changed(4, 0x31),
  'bad-version-tag': changed(8, 0xa1),
  'unknown-version': changed(12, 5),
};

const malformedBundles: readonly Fault[] = Object.entries(broken).map(([name, change]) => ({
  name: `malformed-second-authority-${name}`,
  what: `a CA file holds a second certificate that is malformed: ${name.replaceAll('-', ' ')}`,
  changes: {
    files: { 'client_ca.pem': bundle(change) },
    environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
  },
}));

const malformed = broken['bad-tbs-tag'] ?? changed(4, 0x31);

/** The same in the other files that hold several certificates. */
const elsewhere: readonly Fault[] = [
  {
    name: 'malformed-second-peer-authority',
    what: 'the CA file of peers holds a second certificate that is malformed',
    changes: {
      files: { 'peer_bundle.pem': bundle(malformed) },
      environment: { ETCD_PEER_TRUSTED_CA_FILE: deployed('peer_bundle.pem') },
    },
  },
  {
    name: 'malformed-second-authority-at-client',
    what: 'the CA file of the client holds a second certificate that is malformed',
    changes: {
      files: { 'client_ca.pem': bundle(malformed) },
      clients: { etcdctlFiles: { CACERT: deployed('client_ca.pem') } },
    },
  },
  {
    name: 'malformed-certificate-after-server',
    what: 'a malformed certificate follows the server certificate in its file',
    changes: {
      files: {
        'node_1_cert.pem': (made) =>
          made.leaf('node_1').certificatePem +
          toPem('CERTIFICATE', malformed(fromPem(made.authority('ca').certificatePem))),
      },
    },
  },
  {
    name: 'malformed-certificate-after-client',
    what: 'a malformed certificate follows the client certificate in its file',
    changes: {
      files: {
        'client_cert.pem': (made) =>
          made.leaf('client').certificatePem +
          toPem('CERTIFICATE', malformed(fromPem(made.authority('ca').certificatePem))),
      },
    },
  },
];

/** RFC 5280, 4.2.1.11: requireExplicitPolicy with 0. */
const explicitPolicy = {
  oid: '2.5.29.36',
  critical: true,
  value: Uint8Array.of(0x30, 0x03, 0x80, 0x01, 0x00),
};

/** RFC 5280, 4.2.1.4: one policy, 1.2.3.4. */
const onePolicy = {
  oid: '2.5.29.32',
  critical: false,
  value: Uint8Array.of(0x30, 0x07, 0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04),
};

const demanding = {
  commonName: 'etcd intermediate CA',
  signedBy: 'ca',
  extraExtensions: [explicitPolicy],
} as const;

const policies: readonly Fault[] = [
  {
    name: 'policy-required-for-server',
    what: 'the intermediate above the server certificate requires a policy, which the leaf lacks',
    changes: {
      authorities: { intermediate: demanding },
      leaves: { node_1: { signedBy: 'intermediate', followedBy: ['intermediate'] } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'policy-required-for-client',
    what: 'the intermediate above the client certificate requires a policy, which the leaf lacks',
    changes: {
      authorities: { intermediate: demanding },
      leaves: { client: { signedBy: 'intermediate', followedBy: ['intermediate'] } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'policy-required-by-root',
    what: 'the CA requires a policy of what it issues, which Go does not ask of a root',
    changes: {
      authorities: { ca: { commonName: 'etcd cluster CA', extraExtensions: [explicitPolicy] } },
    },
  },
  {
    name: 'policy-required-and-given',
    what: 'the intermediate above the client certificate requires a policy, which both state: sound',
    changes: {
      authorities: {
        intermediate: { ...demanding, extraExtensions: [explicitPolicy, onePolicy] },
      },
      leaves: {
        client: {
          signedBy: 'intermediate',
          followedBy: ['intermediate'],
          extraExtensions: [onePolicy],
        },
      },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'policy-required-of-two-chains',
    what: 'two intermediates of one key require a policy that the client certificate lacks',
    changes: {
      authorities: {
        intermediate: demanding,
        renewed: { ...demanding, withKeyOf: 'intermediate' },
      },
      leaves: { client: { signedBy: 'intermediate', followedBy: ['intermediate', 'renewed'] } },
      files: { 'intermediate_cert.pem': noFile, 'renewed_cert.pem': noFile },
    },
  },
];

/** Options of etcd 3.3 for CA files that are no longer there in 3.4. */
const optionsOfOld: readonly Fault[] = [
  {
    name: 'old-and-new-peer-authority',
    what: 'the CA of peers is given by peer-ca-file and by peer-trusted-ca-file',
    until: '3.3',
    changes: { flags: [`--peer-ca-file=${deployed('peer_ca_cert.pem')}`] },
  },
  {
    name: 'old-and-new-peer-authority-differ',
    what: 'peer-ca-file names another CA than peer-trusted-ca-file',
    until: '3.3',
    changes: { flags: [`--peer-ca-file=${deployed('ca_cert.pem')}`] },
  },
  {
    name: 'old-and-new-authority-differ',
    what: 'ca-file names another CA than trusted-ca-file',
    until: '3.3',
    changes: { flags: [`--ca-file=${deployed('peer_ca_cert.pem')}`] },
  },
  {
    name: 'old-authority-alone',
    what: 'the CA of clients is given by ca-file alone, which asks for certificates in etcd 3.3',
    until: '3.3',
    changes: {
      environment: { ETCD_TRUSTED_CA_FILE: undefined, ETCD_CLIENT_CERT_AUTH: undefined },
      flags: [`--ca-file=${deployed('ca_cert.pem')}`],
    },
  },
  {
    name: 'old-peer-authority-alone',
    what: 'the CA of peers is given by peer-ca-file alone, which asks for certificates in etcd 3.3',
    until: '3.3',
    changes: {
      environment: { ETCD_PEER_TRUSTED_CA_FILE: undefined, ETCD_PEER_CLIENT_CERT_AUTH: undefined },
      flags: [`--peer-ca-file=${deployed('peer_ca_cert.pem')}`],
    },
  },
  {
    name: 'old-authorities-as-variables',
    what: 'ETCD_PEER_CA_FILE and ETCD_CA_FILE name other CAs than the options of etcd 3.4',
    until: '3.3',
    changes: {
      environment: {
        ETCD_PEER_CA_FILE: deployed('ca_cert.pem'),
        ETCD_CA_FILE: deployed('peer_ca_cert.pem'),
      },
    },
  },
  {
    name: 'old-peer-authorities-of-three',
    what: 'node1 is given another CA of peers by peer-ca-file',
    members: 3,
    until: '3.3',
    changes: { flags: [`--peer-ca-file=${deployed('ca_cert.pem')}`] },
  },
];

export const bundleFaults: readonly Fault[] = [
  ...malformedBundles,
  ...elsewhere,
  ...policies,
  ...optionsOfOld,
  {
    name: 'both-authorities-in-one-file',
    what: 'the CA file of clients holds the CA of peers as well',
    changes: {
      files: { 'client_ca.pem': certificateOf('ca', 'peer_ca') },
      environment: { ETCD_TRUSTED_CA_FILE: deployed('client_ca.pem') },
    },
  },
];
