import { clientUrl } from '../nodes.ts';
import { deployed } from '../plan.ts';
import type { Fault } from './fault.ts';
import {
  clientSection,
  configText,
  inClear,
  noPeerCertificate,
  noServerCertificate,
  openClientPort,
  plainClientUrls,
  plainPeerUrls,
} from './variables.ts';

/** Mistakes after which nothing, or less than meant, is protected. */
export const openings: readonly Fault[] = [
  {
    name: 'authority-without-authentication-flag',
    what: 'a trusted authority is set and client-cert-auth is not',
    catalogue: [1],
    changes: { environment: { ETCD_CLIENT_CERT_AUTH: undefined } },
  },
  {
    name: 'plaintext-client-urls',
    what: 'the client port is served in clear although certificates are set',
    catalogue: [2, 48],
    changes: { environment: plainClientUrls },
  },
  {
    name: 'plaintext-client-urls-wrong-paths',
    what: 'the client port is served in clear, so nobody notices that the certificate is missing',
    catalogue: [2],
    changes: {
      environment: (node) => ({ ...plainClientUrls(node), ETCD_CERT_FILE: '/nowhere/cert.pem' }),
    },
  },
  {
    name: 'plaintext-beside-tls',
    what: 'the client port is served in clear on the same address as well',
    catalogue: [3],
    changes: {
      environment: (node) => ({
        ETCD_LISTEN_CLIENT_URLS: `${clientUrl(node)},${inClear(clientUrl(node))}`,
      }),
    },
  },
  {
    name: 'plaintext-on-loopback',
    what: 'clients on the machine itself are served in clear',
    catalogue: [3],
    changes: {
      environment: (node) => ({
        ETCD_LISTEN_CLIENT_URLS: `${clientUrl(node)},http://127.0.0.1:${node.clientPort}`,
      }),
    },
  },
  {
    name: 'auto-tls',
    what: 'auto-tls takes the place of client authentication',
    catalogue: [4],
    changes: { environment: { ...noServerCertificate, ETCD_AUTO_TLS: 'true' } },
  },
  {
    name: 'auto-tls-beside-certificate',
    what: 'auto-tls is set and has no effect beside a certificate',
    catalogue: [4],
    changes: { environment: { ETCD_AUTO_TLS: 'true' } },
  },
  {
    name: 'peer-auto-tls',
    what: 'peer-auto-tls takes the place of peer authentication',
    catalogue: [5],
    changes: { environment: { ...noPeerCertificate, ETCD_PEER_AUTO_TLS: 'true' } },
  },
  {
    name: 'peer-port-open',
    what: 'the peer port asks for no certificate',
    catalogue: [6],
    changes: {
      environment: { ETCD_PEER_TRUSTED_CA_FILE: undefined, ETCD_PEER_CLIENT_CERT_AUTH: undefined },
    },
  },
  {
    name: 'plaintext-peer-urls',
    what: 'the peer port is served in clear',
    catalogue: [7],
    changes: { environment: plainPeerUrls },
  },
  {
    name: 'authentication-by-system-roots',
    what: 'client-cert-auth is set without an authority of its own',
    catalogue: [8],
    changes: { environment: { ETCD_TRUSTED_CA_FILE: undefined } },
  },
  {
    name: 'peer-authentication-by-system-roots',
    what: 'peer-client-cert-auth is set without an authority of its own',
    catalogue: [8],
    changes: { environment: { ETCD_PEER_TRUSTED_CA_FILE: undefined } },
  },
  {
    name: 'allowed-hostname-without-authentication',
    what: 'client-cert-allowed-hostname is set where nobody is asked for a certificate',
    catalogue: [9],
    since: '3.4',
    changes: {
      environment: { ...openClientPort, ETCD_CLIENT_CERT_ALLOWED_HOSTNAME: 'apps.test' },
    },
  },
  {
    name: 'allowed-hostname',
    what: 'client-cert-allowed-hostname names nobody',
    catalogue: [9],
    since: '3.4',
    changes: { environment: { ETCD_CLIENT_CERT_ALLOWED_HOSTNAME: 'apps.test' } },
  },
  {
    name: 'allowed-hostname-matches',
    what: 'client-cert-allowed-hostname names the client, and the gateway is refused all the same',
    catalogue: [9],
    since: '3.4',
    changes: {
      leaves: { client: { hosts: ['apps.test'] } },
      environment: { ETCD_CLIENT_CERT_ALLOWED_HOSTNAME: 'apps.test' },
    },
  },
  {
    name: 'misspelt-variable',
    what: 'client authentication is switched on by a variable that etcd does not know',
    catalogue: [10],
    changes: { environment: { ...openClientPort, ETCD_CLIENT_CERT_AUTHX: 'true' } },
  },
  {
    name: 'variable-of-old',
    what: 'the authority stands in ETCD_CA_FILE, which etcd 3.4 and later ignore',
    catalogue: [10, 93],
    changes: { environment: { ...openClientPort, ETCD_CA_FILE: deployed('ca_cert.pem') } },
  },
  {
    name: 'empty-variable',
    what: 'ETCD_CLIENT_CERT_AUTH and ETCD_TRUSTED_CA_FILE are empty',
    catalogue: [10],
    changes: { environment: { ETCD_CLIENT_CERT_AUTH: '', ETCD_TRUSTED_CA_FILE: '' } },
  },
  {
    name: 'variables-beside-config-file',
    what: 'client authentication stands in variables beside a configuration file',
    catalogue: [11],
    changes: {
      environment: {
        ETCD_TRUSTED_CA_FILE: deployed('ca_cert.pem'),
        ETCD_CLIENT_CERT_AUTH: 'true',
      },
      configFile: (environment) =>
        configText(environment, {
          client: clientSection({ 'trusted-ca-file': undefined, 'client-cert-auth': undefined }),
        }),
    },
  },
  {
    name: 'config-file',
    what: 'the same settings stand in a configuration file, which is sound',
    changes: {
      configFile: (environment) => configText(environment, { client: clientSection() }),
    },
  },
  {
    name: 'config-key-at-top-level',
    what: 'client-cert-auth stands at the top of the configuration file',
    catalogue: [12],
    changes: {
      configFile: (environment) =>
        configText(environment, {
          client: clientSection({ 'trusted-ca-file': undefined, 'client-cert-auth': undefined }),
          more: 'client-cert-auth: true',
        }),
    },
  },
  {
    name: 'config-key-in-camel-case',
    what: 'the configuration file says trustedCaFile and clientCertAuth',
    catalogue: [12],
    changes: {
      configFile: (environment) =>
        configText(environment, {
          client: clientSection({
            'trusted-ca-file': undefined,
            'client-cert-auth': undefined,
            trustedCaFile: deployed('ca_cert.pem'),
            clientCertAuth: 'true',
          }),
        }),
    },
  },
  {
    name: 'config-section-twice',
    what: 'the configuration file has two sections for the client port, and the last one counts',
    catalogue: [13],
    changes: {
      configFile: (environment) =>
        configText(environment, {
          client: clientSection(),
          more: clientSection({ 'trusted-ca-file': undefined, 'client-cert-auth': undefined }),
        }),
    },
  },
  {
    name: 'one-authority-for-all',
    what: 'peers and clients have the same authority',
    catalogue: [17],
    changes: {
      leaves: { node_1_peer: { signedBy: 'ca' } },
      environment: { ETCD_PEER_TRUSTED_CA_FILE: deployed('ca_cert.pem') },
    },
  },
  {
    name: 'one-authority-with-allowed-name',
    what: 'peers and clients have the same authority, and peers must have a name of their own',
    catalogue: [17],
    changes: {
      leaves: { node_1_peer: { signedBy: 'ca', commonName: 'etcd-peer' } },
      environment: {
        ETCD_PEER_TRUSTED_CA_FILE: deployed('ca_cert.pem'),
        ETCD_PEER_CERT_ALLOWED_CN: 'etcd-peer',
      },
    },
  },
];
