import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { severityOf } from '../../src/model/finding.ts';
import { isAtLeast } from '../../src/model/severity.ts';
import type { Changes } from '../../testcluster/faults/fault.ts';
import { farAhead, longAgo } from '../../testcluster/faults/fault.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { deployed, deployedDirectory } from '../../testcluster/plan.ts';
import { keyOf, noFile } from '../../testcluster/recipe.ts';
import { trialPlan } from '../../testcluster/truth/trial.ts';
import { certificatesIn, writePlan } from '../../testcluster/write-plan.ts';
import { directoryWith } from '../support/directory.ts';

const foreign = { foreign: { commonName: 'somebody else' } };
const files = { 'foreign_cert.pem': noFile };

/** Of two faults of one connection, Go and etcd tell the first alone. */
test.each<{ what: string; changes: Changes; of?: 1 | 3; expected: readonly string[] }>([
  {
    what: 'an expired server certificate of a foreign CA',
    changes: {
      authorities: foreign,
      leaves: { node_1: { ...longAgo, signedBy: 'foreign' } },
      files,
    },
    expected: ['certificate-expired node_1_cert.pem', 'unknown-authority node_1_cert.pem'],
  },
  {
    what: 'an expired server certificate and a client of a foreign CA',
    changes: {
      authorities: foreign,
      leaves: { node_1: longAgo, client: { signedBy: 'foreign' } },
      files,
    },
    expected: ['certificate-expired node_1_cert.pem', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a client certificate for later, of a foreign CA',
    changes: {
      authorities: foreign,
      leaves: { client: { ...farAhead, signedBy: 'foreign' } },
      files,
    },
    expected: ['certificate-not-yet-valid client_cert.pem', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a server certificate for another host, of a foreign CA',
    changes: {
      authorities: foreign,
      leaves: { node_1: { hosts: ['10.9.9.9'], signedBy: 'foreign' } },
      files,
    },
    expected: [
      'advertised-name-not-in-certificate node_1_cert.pem',
      'unknown-authority node_1_cert.pem',
    ],
  },
  {
    what: 'an expired peer certificate of a foreign CA',
    changes: {
      authorities: foreign,
      leaves: { node_1_peer: { ...longAgo, signedBy: 'foreign' } },
      files,
    },
    of: 3,
    expected: [
      'certificate-expired node_1_peer_cert.pem',
      'unknown-authority node_1_peer_cert.pem',
    ],
  },
  {
    what: 'a client of a foreign CA behind a version of TLS that etcd does not know',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files,
      environment: { ETCD_TLS_MIN_VERSION: 'TLS1.1' },
    },
    expected: [
      'settings-refused-at-start node1 ETCD_TLS_MIN_VERSION',
      'unknown-authority client_cert.pem',
    ],
  },
  {
    what: 'both sides of foreign CAs behind a boolean that is none',
    changes: {
      authorities: { ...foreign, other: { commonName: 'nobody' } },
      leaves: { node_1: { signedBy: 'other' }, client: { signedBy: 'foreign' } },
      files: { ...files, 'other_cert.pem': noFile },
      environment: { ETCD_CLIENT_CERT_AUTH: 'yes' },
    },
    expected: [
      'settings-refused-at-start node1 ETCD_CLIENT_CERT_AUTH',
      'unknown-authority client_cert.pem',
      'unknown-authority node_1_cert.pem',
    ],
  },
  {
    what: 'a client of a foreign CA behind a server certificate that does not exist',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files,
      environment: { ETCD_CERT_FILE: deployed('nothing.pem') },
    },
    expected: ['file-missing nothing.pem', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a server certificate of a foreign CA behind a CA file that does not exist',
    changes: {
      authorities: foreign,
      leaves: { node_1: { signedBy: 'foreign' } },
      files,
      environment: { ETCD_TRUSTED_CA_FILE: deployed('nothing.pem') },
    },
    expected: ['file-missing nothing.pem', 'unknown-authority node_1_cert.pem'],
  },
  {
    what: 'a client of a foreign CA behind a listen URL with a name',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files,
      environment: { ETCD_LISTEN_CLIENT_URLS: 'https://etcd.test:2379' },
    },
    expected: [
      'settings-refused-at-start node1 ETCD_LISTEN_CLIENT_URLS',
      'unknown-authority client_cert.pem',
    ],
  },
  {
    what: 'a peer of a foreign CA behind the key of another member that does not exist',
    changes: {
      authorities: foreign,
      leaves: { node_2_peer: { signedBy: 'foreign' } },
      files,
      environment: { ETCD_PEER_KEY_FILE: deployed('nothing.pem') },
    },
    of: 3,
    expected: [
      'file-missing nothing.pem',
      'no-quorum cluster',
      'unknown-authority node_2_peer_cert.pem',
    ],
  },
  {
    what: 'both sides of foreign CAs behind a server key with a passphrase',
    changes: {
      authorities: { ...foreign, other: { commonName: 'nobody' } },
      leaves: {
        node_1: { signedBy: 'other', keyForm: 'encrypted PKCS#8' },
        client: { signedBy: 'foreign' },
      },
      files: { ...files, 'other_cert.pem': noFile },
    },
    expected: [
      'encrypted-private-key node_1_key_insecure.pem',
      'unknown-authority client_cert.pem',
      'unknown-authority node_1_cert.pem',
    ],
  },
  {
    what: 'a client of a foreign CA whose key has a passphrase',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign', keyForm: 'encrypted PKCS#8' } },
      files,
    },
    expected: [
      'encrypted-private-key client_key_insecure.pem',
      'unknown-authority client_cert.pem',
    ],
  },
  {
    what: 'a server certificate of a foreign CA with the key of another certificate, either of which may be right',
    changes: {
      authorities: foreign,
      leaves: { node_1: { signedBy: 'foreign' } },
      files: { ...files, 'node_1_key_insecure.pem': keyOf('client') },
    },
    expected: ['key-of-another-certificate node_1_key_insecure.pem'],
  },
  {
    what: 'both sides of foreign CAs without a suite in common',
    changes: {
      authorities: { ...foreign, other: { commonName: 'nobody' } },
      leaves: { node_1: { signedBy: 'other' }, client: { signedBy: 'foreign' } },
      files: { ...files, 'other_cert.pem': noFile },
      environment: {
        ETCD_TLS_MAX_VERSION: 'TLS1.2',
        ETCD_CIPHER_SUITES: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      },
    },
    expected: [
      'no-suite-for-certificate node1',
      'no-suite-for-certificate node1',
      'unknown-authority client_cert.pem',
      'unknown-authority node_1_cert.pem',
    ],
  },
  {
    what: 'a client of a foreign CA behind a server key that no TLS 1.3 signs with',
    changes: {
      authorities: foreign,
      leaves: { node_1: { key: 'rsa-512' }, client: { signedBy: 'foreign' } },
      files,
    },
    expected: ['rsa-key-too-small-for-tls node_1_cert.pem', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a client of a foreign CA behind an endpoint at which nothing listens',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files,
      clients: { etcdctlEndpoints: ['https://10.104.100.236:2399'] },
    },
    expected: ['handshake-refused 10.104.100.236:2399', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a server certificate of a foreign CA behind an endpoint without a port',
    changes: {
      authorities: foreign,
      leaves: { node_1: { signedBy: 'foreign' } },
      files,
      clients: { etcdctlEndpoints: ['https://10.104.100.236'] },
    },
    expected: ['handshake-refused 10.104.100.236', 'unknown-authority node_1_cert.pem'],
  },
  {
    what: 'a client of a foreign CA behind a certificate in its file that cannot be read',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files: {
        ...files,
        'client_cert.pem': (made) =>
          `${made.leaf('client').certificatePem}-----BEGIN CERTIFICATE-----\nAgEB\n-----END CERTIFICATE-----\n`,
      },
    },
    expected: ['handshake-refused 10.104.100.236:2379', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a client of a foreign CA where the CA file does not exist, which may hold that CA',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files,
      environment: { ETCD_TRUSTED_CA_FILE: deployed('nothing.pem') },
    },
    expected: ['file-missing nothing.pem'],
  },
  {
    what: 'a client of a foreign CA where the client port, which has a name, is without TLS',
    changes: {
      leaves: { client: { signedBy: 'peer_ca' } },
      environment: { ETCD_LISTEN_CLIENT_URLS: 'http://etcd.test:2379' },
    },
    expected: ['settings-refused-at-start node1 ETCD_LISTEN_CLIENT_URLS'],
  },
  {
    what: 'an expired server certificate alone',
    changes: { leaves: { node_1: longAgo } },
    expected: ['certificate-expired node_1_cert.pem'],
  },
  {
    what: 'a client of a foreign CA alone',
    changes: { authorities: foreign, leaves: { client: { signedBy: 'foreign' } }, files },
    expected: ['unknown-authority client_cert.pem'],
  },
  {
    what: 'a client of a foreign CA at an address of no member',
    changes: {
      authorities: foreign,
      leaves: { client: { signedBy: 'foreign' } },
      files,
      clients: { etcdctlEndpoints: ['https://10.9.9.9:2379'] },
    },
    expected: ['client-endpoint-not-a-member etcdctl', 'unknown-authority client_cert.pem'],
  },
  {
    what: 'a server certificate for another host alone',
    changes: { leaves: { node_1: { hosts: ['10.9.9.9'] } } },
    expected: ['advertised-name-not-in-certificate node_1_cert.pem'],
  },
])('$what', async ({ changes, of = 1, expected }) => {
  await using directory = await directoryWith({});
  const fault = { name: 'behind', what: 'one fault is behind another', changes, members: of };
  await writePlan(trialPlan(nodesOf('netns'), fault), directory.path);

  const { results } = await audit({
    paths: [directory.path],
    maps: [{ prefix: deployedDirectory, directory: certificatesIn(directory.path) }],
    etcdVersion: '3.6.16',
  });

  const high = results.filter(
    (result) => result.verdict.status === 'fail' && isAtLeast(severityOf(result), 'high'),
  );
  const named = high.map(({ check, target }) => `${check.id} ${target.name.split('/').at(-1)}`);
  expect(named.toSorted()).toEqual(expected);
});
