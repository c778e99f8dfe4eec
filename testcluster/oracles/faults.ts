import { combined } from '../faults/combine.ts';
import { type Fault, faultNamed } from '../faults/index.ts';
import { deployed } from '../plan.ts';
import { asDer, chainOf, noFile } from '../recipe.ts';

/** Wrong settings of a client that never reach etcd. */
const wrongSettings: readonly Fault[] = [
  {
    name: 'sound',
    what: 'nothing is wrong',
    changes: {},
  },
  {
    name: 'client-authority-missing',
    what: 'there is no file where the client looks for the authority',
    changes: { clients: { etcdctlFiles: { CACERT: deployed('nothing.pem') } } },
  },
  {
    name: 'client-authority-garbage',
    what: "the client's file of the authority holds no PEM",
    changes: {
      files: { 'own_ca.pem': () => 'not found\n' },
      clients: { etcdctlFiles: { CACERT: deployed('own_ca.pem') } },
    },
  },
  {
    name: 'client-authority-of-others',
    what: "the client's file of the authority holds the authority of the peers",
    changes: { clients: { etcdctlFiles: { CACERT: deployed('peer_ca_cert.pem') } } },
  },
  {
    name: 'client-certificate-missing',
    what: "there is no file where the client's certificate should be",
    changes: { files: { 'client_cert.pem': noFile } },
  },
  {
    name: 'client-certificate-as-der',
    what: 'the client certificate is DER',
    changes: { files: { 'client_cert.pem': asDer(chainOf('client')) } },
  },
  {
    name: 'client-files-swapped',
    what: 'certificate and key of the client have each other’s place',
    changes: {
      clients: {
        etcdctlFiles: {
          CERT: deployed('client_key_insecure.pem'),
          KEY: deployed('client_cert.pem'),
        },
      },
    },
  },
];

/** The server's answers to a bad client certificate differ between TLS 1.2 and 1.3. */
const underTls12: Fault = {
  name: 'tls12',
  what: 'etcd speaks TLS 1.2 at most',
  since: '3.5.8',
  changes: { environment: { ETCD_TLS_MAX_VERSION: 'TLS1.2' } },
};

const byName = [
  'expired-server',
  'wrong-authority',
  'missing-name',
  'client-without-certificate',
  'foreign-client',
  'expired-client',
  'client-dials-in-clear',
  'plaintext-client-urls',
  'revoked-client',
  'client-without-authority',
  'client-authentication-off',
  'client-without-key',
  'client-key-mismatch',
  'client-without-client-auth',
  'server-without-server-auth',
  'server-without-client-auth',
  'name-in-common-name-only',
  'server-intermediate-missing',
  'root-not-in-file',
  'sha1-signature',
  'critical-extension',
  'rsa-1024',
  'allowed-hostname',
  'key-mismatch',
  'client-of-same-named-authority',
  'expired-authority',
  'server-with-intermediate',
  'same-named-authority',
  'issuer-is-no-authority',
  'excluded-address',
  'client-intermediate-missing',
  'client-not-yet-valid',
  'server-not-yet-valid',
  'client-with-critical-extension',
  'client-signed-with-sha1',
  'address-as-dns-name',
  'constrained-authority',
  'wildcard',
  'ed25519',
  'server-in-clear-client-encrypted',
  'glued-authorities',
  'authentication-by-system-roots',
  'crl-missing',
];

function found(name: string): Fault {
  const fault = faultNamed(name);
  if (fault === undefined) throw new Error(`no fault is called ${name}`);
  return fault;
}

/** Faults that concern clients: one of each kind. */
export const clientFaults: readonly Fault[] = [
  ...wrongSettings,
  ...byName.map(found),
  ...['client-without-certificate', 'foreign-client', 'expired-client'].map((name) =>
    combined([underTls12, found(name)]),
  ),
];

/** Each takes the better part of a minute: etcdctl waits for its time-outs. */
const inSample = [
  'sound',
  'client-authority-of-others',
  'missing-name',
  'client-without-certificate',
];

/** The faults that CI tries. */
export const sampleFaults: readonly Fault[] = clientFaults.filter(({ name }) =>
  inSample.includes(name),
);
