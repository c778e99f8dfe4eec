import { clientUrl } from '../nodes.ts';
import { deployed, deployedDirectory } from '../plan.ts';
import type { Fault } from './fault.ts';
import { clientSection, configText } from './variables.ts';

/** Paths that lead to a directory, or through a file as if it were one. */
const wrongPlaces: readonly Fault[] = [
  {
    name: 'authority-is-the-directory-itself',
    what: 'the CA file of clients is the directory of the certificates, ending in a dot',
    changes: { environment: { ETCD_TRUSTED_CA_FILE: deployed('.') } },
  },
  {
    name: 'authority-is-a-directory',
    what: 'the CA file of clients is the directory of the certificates, ending in a slash',
    changes: { environment: { ETCD_TRUSTED_CA_FILE: deployed('') } },
  },
  {
    name: 'peer-authority-is-a-directory',
    what: 'the CA file of peers is the directory of the certificates',
    changes: { environment: { ETCD_PEER_TRUSTED_CA_FILE: deployedDirectory } },
  },
  {
    name: 'certificate-is-a-directory',
    what: 'the server certificate is the directory of the certificates',
    changes: { environment: { ETCD_CERT_FILE: deployed('.') } },
  },
  {
    name: 'peer-key-is-a-directory',
    what: 'the peer key is the directory of the certificates',
    changes: { environment: { ETCD_PEER_KEY_FILE: deployed('./.') } },
  },
  {
    name: 'crl-is-a-directory',
    what: 'the revocation list of clients is the directory of the certificates',
    changes: { environment: { ETCD_CLIENT_CRL_FILE: deployed('.') } },
  },
  {
    name: 'client-authority-is-a-directory',
    what: 'the CA file of the client is the directory of the certificates, ending in a dot',
    changes: { clients: { etcdctlFiles: { CACERT: deployed('.') } } },
  },
  {
    name: 'client-certificate-is-a-directory',
    what: 'the certificate of the client is the directory of the certificates',
    changes: { clients: { etcdctlFiles: { CERT: deployed('') } } },
  },
  {
    name: 'authority-below-a-file',
    what: 'the path of the CA file leads through a file as if it were a directory',
    changes: { environment: { ETCD_TRUSTED_CA_FILE: deployed('ca_cert.pem/ca.pem') } },
  },
  {
    name: 'key-below-a-file',
    what: 'the path of the peer key leads through a file as if it were a directory',
    changes: { environment: { ETCD_PEER_KEY_FILE: deployed('ca_cert.pem/') } },
  },
  {
    name: 'path-with-needless-steps',
    what: 'the path of the CA file has needless steps in it, which is sound',
    changes: {
      environment: { ETCD_TRUSTED_CA_FILE: `${deployedDirectory}/.///./ca_cert.pem` },
    },
  },
];

const quoted = (name: string): string => `'${deployed(name)}'`;

/** Paths with the quotes that a file of variables or of YAML did not take away. */
const quotedPaths: readonly Fault[] = [
  {
    name: 'quoted-authority',
    what: 'the path of the CA file of clients stands in single quotes',
    changes: { environment: { ETCD_TRUSTED_CA_FILE: quoted('ca_cert.pem') } },
  },
  {
    name: 'quoted-server-certificate',
    what: 'the paths of the server certificate and its key stand in single quotes',
    changes: {
      environment: {
        ETCD_CERT_FILE: quoted('node_1_cert.pem'),
        ETCD_KEY_FILE: quoted('node_1_key_insecure.pem'),
      },
    },
  },
  {
    name: 'quoted-peer-certificate',
    what: 'the paths of the peer certificate and its key stand in single quotes',
    changes: {
      environment: {
        ETCD_PEER_CERT_FILE: quoted('node_1_peer_cert.pem'),
        ETCD_PEER_KEY_FILE: quoted('node_1_peer_key_insecure.pem'),
      },
    },
  },
  {
    name: 'quoted-crl',
    what: 'the path of the revocation list of clients stands in single quotes',
    changes: {
      files: { 'revoked.crl': async (made) => made.authority('ca').revoke(['5c0ffee3']) },
      environment: { ETCD_CLIENT_CRL_FILE: quoted('revoked.crl') },
    },
  },
  {
    name: 'quoted-in-config-file',
    what: 'paths stand in quotes in the configuration file, which YAML takes away: sound',
    changes: {
      configFile: (environment) =>
        configText(environment, {
          client: clientSection({
            'cert-file': `"${deployed('node_1_cert.pem')}"`,
            'trusted-ca-file': quoted('ca_cert.pem'),
          }),
        }),
    },
  },
  {
    name: 'twice-quoted-in-config-file',
    what: 'the path of the CA file is quoted twice in the configuration file, so that quotes are left',
    changes: {
      configFile: (environment) =>
        configText(environment, {
          client: clientSection({ 'trusted-ca-file': `"${quoted('ca_cert.pem')}"` }),
        }),
    },
  },
  {
    name: 'endpoint-where-nothing-listens',
    what: 'the client connects to a port on which nothing listens',
    changes: {
      clients: { etcdctlEndpoints: ['https://10.104.100.236:2399'] },
    },
  },
  {
    name: 'endpoint-of-the-peer-port',
    what: 'the client connects to the peer port',
    changes: { clients: { etcdctlEndpoints: ['https://10.104.100.236:2380'] } },
  },
  {
    name: 'encrypted-endpoint-of-a-plain-port',
    what: 'the client connects with https to a loopback port in clear',
    changes: {
      environment: (node) => ({
        ETCD_LISTEN_CLIENT_URLS: `${clientUrl(node)},http://127.0.0.1:${node.clientPort}`,
      }),
      clients: { etcdctlEndpoints: ['https://127.0.0.1:2379'] },
    },
  },
];

export const pathFaults: readonly Fault[] = [...wrongPlaces, ...quotedPaths];
