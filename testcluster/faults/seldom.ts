import { oversizedKey } from '../oversized-key.ts';
import { deployedDirectory } from '../plan.ts';
import { certificateOf, noFile } from '../recipe.ts';
import type { Fault } from './fault.ts';

/** What is met so seldom that only a fault of its own shows the rule. */
export const seldomFaults: readonly Fault[] = [
  {
    name: 'blank-between-endpoints',
    what: 'the list of endpoints has a blank after its comma',
    changes: {
      clients: {
        etcdctlEndpoints: ['https://10.104.100.236:2379', ' https://10.104.100.236:2379'],
        // Other commands drop the blank.
        etcdctlCommand: 'endpoint status',
      },
    },
  },
  {
    name: 'endpoint-without-port',
    what: 'the client is given an endpoint without a port, which clients of etcd do not assume',
    changes: { clients: { etcdctlEndpoints: ['https://10.104.100.236'] } },
  },
  {
    name: 'endpoint-of-another-resolver',
    what: 'the client is given an endpoint for a resolver of gRPC, which etcdctl does not ask',
    since: '3.5',
    changes: { clients: { etcdctlEndpoints: ['dns:///10.104.100.236:2379'] } },
  },
  {
    name: 'scheme-in-capitals',
    what: 'the client is given an endpoint with its scheme in capitals and a zero before its port: sound',
    changes: { clients: { etcdctlEndpoints: ['HTTPS://10.104.100.236:02379'] } },
  },
  {
    name: 'intermediate-is-no-authority',
    what: 'the intermediate that signed the client says that it is no authority',
    catalogue: [61],
    changes: {
      authorities: {
        intermediate: { commonName: 'etcd intermediate CA', signedBy: 'ca', isCa: false },
      },
      leaves: { client: { signedBy: 'intermediate', followedBy: ['intermediate'] } },
      files: { 'intermediate_cert.pem': noFile },
    },
  },
  {
    name: 'files-closed-to-the-user',
    what: 'the unit makes the directory of the certificates inaccessible to the user of etcd',
    changes: { directives: { User: 4711, InaccessiblePaths: deployedDirectory } },
  },
  {
    name: 'client-with-oversized-key',
    what: 'the RSA key of the client is longer than Go takes from the other side',
    changes: { leaves: { client: { ownKey: oversizedKey } } },
  },
  {
    name: 'authority-of-768-bits',
    what: 'the RSA key of the CA is too small for Go 1.24',
    changes: { authorities: { ca: { commonName: 'etcd cluster CA', key: 'rsa-768' } } },
  },
  {
    name: 'name-in-common-name-alone',
    what: 'the certificate of node1 has the name that the client dials as its common name alone',
    changes: {
      leaves: { node_1: { commonName: 'localhost', hosts: [] } },
      clients: { etcdctlEndpoints: ['https://localhost:2379'] },
    },
  },
  {
    name: 'authority-renamed',
    what: 'the CA file holds a CA of the same key under another name',
    changes: {
      authorities: { renamed_ca: { commonName: 'etcd cluster CA, renamed', withKeyOf: 'ca' } },
      files: { 'ca_cert.pem': certificateOf('renamed_ca') },
    },
  },
];
