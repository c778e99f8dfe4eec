import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { longAgo } from '../faults/fault.ts';
import { deployedDirectory } from '../plan.ts';
import { haproxy, joined, toTls, urlOf } from './fronts.ts';
import { client, inside, type Scene, wholeSet } from './scene.ts';
import type { Asked, Situation } from './situation.ts';

/** What was true once: certificates that were renewed elsewhere, or were forgotten. */
export const later: readonly Situation[] = [
  {
    name: 'front-expired',
    what: 'haproxy ends TLS with a certificate of the cluster CA that has expired',
    on: 'three',
    arrange: async (scene) => {
      await expiredFront(scene);
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['EXPIRED', 'client-port-admits-anonymous'],
    all: ['EXPIRED', 'client-port-admits-anonymous'],
    also: ['endpoint-behind-proxy', 'client-port-admits-foreign'],
    exit: 1,
    explain: [],
  },
  {
    name: 'front-expired-next-to-the-set',
    what: 'the same proxy next to the whole set',
    on: 'three',
    arrange: async (scene) => {
      await expiredFront(scene);
      return { parameters: [...wholeSet(scene), ...client(scene, [urlOf(scene)])] };
    },
    verify: ['EXPIRED', 'client-port-admits-anonymous'],
    all: ['EXPIRED', 'client-port-admits-anonymous'],
    also: ['endpoint-behind-proxy', 'client-port-admits-foreign', 'client-endpoint-not-a-member'],
    exit: 1,
    explain: [],
  },
  {
    name: 'old-certificate-served',
    what: 'the certificate of a member was renewed in its file, and the process still serves the one that has expired',
    on: { members: 3, changes: { leaves: { node_1: longAgo } }, unready: ['node1'] },
    arrange: renewedCopy,
    verify: ['EXPIRED', 'served-certificate-differs-from-file'],
    all: ['EXPIRED', 'served-certificate-differs-from-file'],
    exit: 1,
  },
  {
    name: 'older-certificate-served',
    what: 'the certificate of a member was renewed in its file, and the process still serves the one before, which is valid',
    on: { members: 3 },
    arrange: renewedCopy,
    verify: ['served-certificate-differs-from-file'],
    exit: 1,
  },
  {
    name: 'peer-authentication-on-two-of-three',
    what: 'one of three members asks its peers for no certificate',
    on: {
      members: 3,
      changes: {
        environment: {
          ETCD_PEER_CLIENT_CERT_AUTH: undefined,
          ETCD_PEER_TRUSTED_CA_FILE: undefined,
        },
      },
      unready: ['node1'],
    },
    verify: ['peer-port-admits-anonymous', 'CA-CLIENT', 'unknown-authority'],
    exit: 1,
  },
  {
    // A CA for peers is enough: etcd requires a certificate then.
    name: 'peer-authentication-off-on-one-with-its-ca',
    what: 'one of three members has a CA for peers, and no --peer-client-cert-auth',
    on: { members: 3, changes: { environment: { ETCD_PEER_CLIENT_CERT_AUTH: undefined } } },
    verify: [],
    exit: 0,
    explain: [],
    // etcd 3.3 does not.
    since: '3.4.0',
  },
];

async function expiredFront(scene: Scene): Promise<void> {
  await haproxy(scene, `ssl crt ${await joined(scene, 'front_of_old')}`, ...(await toTls(scene)));
}

/** The set as it is on disk after the renewal, of which the process of node1 knows nothing. */
async function renewedCopy(scene: Scene): Promise<Asked> {
  const { cluster, places, extra } = scene;
  const copy = join(places.work, 'renewed');
  await inside(scene, undefined, `cp -a ${cluster.set} ${copy}`);
  const certificates = cluster.certificates.replace(cluster.set, copy);
  for (const part of ['cert', 'key_insecure']) {
    await copyFile(join(extra, `renewed_${part}.pem`), join(certificates, `node_1_${part}.pem`));
  }
  return { parameters: [copy, '--map', `${deployedDirectory}=${certificates}`] };
}
