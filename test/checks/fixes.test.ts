import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { type Changes, longAgo } from '../../testcluster/faults/fault.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { deployed, deployedDirectory } from '../../testcluster/plan.ts';
import { certificateOf, keyOf, noFile, rewritten } from '../../testcluster/recipe.ts';
import { trialPlan } from '../../testcluster/truth/trial.ts';
import { certificatesIn, writePlan } from '../../testcluster/write-plan.ts';
import { directoryWith } from '../support/directory.ts';

const ca = { commonName: 'etcd cluster CA' };
const peerCa = { commonName: 'etcd peer CA' };
/** RFC 5280, 4.2.1.10 forbids name constraints without a name. */
const emptyConstraints = { oid: '2.5.29.30', critical: true, value: Uint8Array.of(0x30, 0x00) };
/** An IP address has 4 or 16 octets. */
const addressOfThree = {
  oid: '2.5.29.17',
  critical: false,
  value: Uint8Array.of(0x30, 0x05, 0x87, 0x03, 10, 0, 0),
};
const generated = { ETCD_CERT_FILE: undefined, ETCD_KEY_FILE: undefined, ETCD_AUTO_TLS: 'true' };
const peersGenerated = {
  ETCD_PEER_CERT_FILE: undefined,
  ETCD_PEER_KEY_FILE: undefined,
  ETCD_PEER_AUTO_TLS: 'true',
};

/** What has to be done so that etcd accepts it, and nothing that leaves it as it is. */
test.each<{ what: string; changes: Changes; check: string; fix: RegExp; not?: RegExp; of?: 1 | 3 }>(
  [
    {
      what: 'an intermediate that is not a CA',
      changes: {
        authorities: { intermediate: { commonName: 'between', signedBy: 'ca', isCa: false } },
        leaves: { client: { signedBy: 'intermediate', followedBy: ['intermediate'] } },
        files: { 'intermediate_cert.pem': noFile },
      },
      check: 'issuer-is-no-authority',
      fix: /^Reissue CN=between \(\S+\) as a CA/,
      not: /CN=etcd-client/,
    },
    {
      what: 'a CA that allows neither usage',
      changes: { authorities: { ca: { ...ca, extendedKeyUsages: ['codeSigning'] } } },
      check: 'authority-restricts-usage',
      fix: /extendedKeyUsage serverAuth and clientAuth/,
    },
    {
      what: 'a CA that allows servers alone',
      changes: { authorities: { ca: { ...ca, extendedKeyUsages: ['serverAuth'] } } },
      check: 'authority-restricts-usage',
      fix: /extendedKeyUsage clientAuth in addition/,
    },
    {
      what: 'a CA that may sign for no member',
      changes: {
        authorities: {
          peer_ca: { ...peerCa, nameConstraints: { excluded: { dnsNames: ['localhost'] } } },
        },
      },
      check: 'name-constraint-violated',
      fix: /node_1_peer_cert\.pem.*node_2_peer_cert\.pem|node_2_peer_cert\.pem.*node_1_peer_cert\.pem/,
      of: 3,
    },
    {
      what: 'an expired CA whose successor is trusted already',
      changes: {
        authorities: {
          peer_ca: { ...peerCa, ...longAgo },
          successor: { commonName: 'etcd peer CA of now' },
        },
        leaves: {
          node_1_peer: { signedBy: 'successor' },
          node_2_peer: { signedBy: 'successor' },
        },
        files: {
          'successor_cert.pem': noFile,
          'peer_ca_cert.pem': certificateOf('peer_ca', 'successor'),
        },
      },
      check: 'certificate-expired',
      fix: /Then reissue \S+node_3_peer_cert\.pem from it/,
      of: 3,
    },
    {
      what: 'a name that one member alone demands',
      changes: { environment: { ETCD_PEER_CERT_ALLOWED_CN: 'etcd-0.robobee.test' } },
      check: 'name-not-allowed',
      fix: /\(ETCD_PEER_CERT_ALLOWED_CN\)/,
      of: 3,
    },
    {
      what: 'a CA certificate that Go cannot parse',
      changes: { authorities: { ca: { ...ca, extraExtensions: [emptyConstraints] } } },
      check: 'authority-file-refused',
      fix: /^Reissue the CA certificate in /,
      not: /openssl x509 -in FILE/,
    },
    {
      what: 'a key in a CA file',
      changes: {
        files: {
          'ca_cert.pem': async (made) =>
            made.authority('ca').certificatePem + made.leaf('client').privateKeyPem,
        },
      },
      check: 'authority-file-refused',
      fix: /openssl x509 -in FILE/,
    },
    {
      what: 'a server certificate that Go cannot parse',
      changes: { leaves: { node_1: { hosts: [], extraExtensions: [addressOfThree] } } },
      check: 'credential-refused',
      fix: /^Reissue the certificate/,
      not: /plain PEM/,
    },
    {
      what: 'a key that is indented',
      changes: {
        files: {
          'node_1_key_insecure.pem': rewritten(keyOf('node_1'), (text) =>
            text.replaceAll(/^/gm, '  '),
          ),
        },
      },
      check: 'credential-refused',
      fix: /plain PEM/,
    },
    {
      what: 'a client port with a generated certificate',
      changes: {
        environment: {
          ...generated,
          ETCD_TRUSTED_CA_FILE: undefined,
          ETCD_CLIENT_CERT_AUTH: undefined,
        },
      },
      check: 'client-port-admits-anonymous',
      fix: /^Remove `--auto-tls`/,
    },
    {
      what: 'peer ports with generated certificates',
      changes: { everywhere: peersGenerated },
      check: 'peer-port-admits-anonymous',
      fix: /^Remove `--peer-auto-tls`.*stop of the whole cluster/,
      not: /one at a time/,
      of: 3,
    },
    {
      what: 'a client port that asks for no certificate',
      changes: {
        environment: { ETCD_TRUSTED_CA_FILE: undefined, ETCD_CLIENT_CERT_AUTH: undefined },
      },
      check: 'client-port-admits-anonymous',
      fix: /^Set `--trusted-ca-file`/,
      not: /auto-tls/,
    },
    {
      what: 'a list of cipher suites that ends in a comma',
      changes: { environment: { ETCD_CIPHER_SUITES: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,' } },
      check: 'settings-refused-at-start',
      fix: /^Remove the comma/,
    },
    {
      what: 'etcdctl with a key and no certificate',
      changes: { clients: { etcdctlFiles: { CERT: undefined } } },
      check: 'client-settings-refused',
      fix: /^Correct ETCDCTL_KEY, then run etcdctl again\.$/,
    },
    {
      what: 'etcd with a key and no certificate',
      changes: { environment: { ETCD_CERT_FILE: undefined } },
      check: 'settings-refused-at-start',
      fix: /start one member/,
    },
  ],
)('the fix of $what', async ({ changes, check, fix, not, of = 1 }) => {
  const fixes = await fixesOf(changes, check, of);

  expect(fixes).not.toEqual([]);
  for (const each of fixes) {
    expect(each).toMatch(fix);
    expect(each).not.toMatch(not ?? /^$/);
  }
});

test('a client that ends over its settings is not said to be etcd', async () => {
  const files = { CERT: undefined, KEY: deployed('client_key_insecure.pem') };
  const results = await failuresOf({ clients: { etcdctlFiles: files } }, 1);

  const messages = results.map(({ verdict }) => (verdict.status === 'fail' ? verdict.message : ''));
  expect(messages).toContainEqual(expect.stringMatching(/^ETCDCTL_KEY prevents etcdctl from/));
});

async function fixesOf(changes: Changes, id: string, members: 1 | 3): Promise<readonly string[]> {
  const failures = await failuresOf(changes, members);
  return failures
    .filter(({ check }) => check.id === id)
    .map(({ check, verdict }) =>
      verdict.status === 'fail' ? (verdict.fix ?? check.remediation) : '',
    );
}

async function failuresOf(changes: Changes, members: 1 | 3) {
  await using directory = await directoryWith({});
  const fault = { name: 'fixed', what: 'something is wrong', changes, members };
  await writePlan(trialPlan(nodesOf('netns'), fault), directory.path);
  const { results } = await audit({
    paths: [directory.path],
    maps: [{ prefix: deployedDirectory, directory: certificatesIn(directory.path) }],
    etcdVersion: '3.5.30',
  });
  return results.filter(({ verdict }) => verdict.status === 'fail');
}
