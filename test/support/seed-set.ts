import { issueAuthority, type LeafOptions } from './pki.ts';

const seedNodes = [
  { number: 1, addresses: ['10.104.100.236', '37.58.99.228'] },
  { number: 2, addresses: ['10.104.100.245', '37.58.99.235'] },
  { number: 3, addresses: ['10.104.100.239', '37.58.99.238'] },
] as const;

/** The drop-in of the seed document, for its first node. */
export const seedDropIn = `[Service]
...
Environment="ETCD_CERT_FILE=/etc/ssl/certs/etcd/node_1_cert.pem"
Environment="ETCD_KEY_FILE=/etc/ssl/certs/etcd/node_1_key_insecure.pem"
Environment="ETCD_PEER_CERT_FILE=/etc/ssl/certs/etcd/node_1_cert.pem"
Environment="ETCD_PEER_KEY_FILE=/etc/ssl/certs/etcd/node_1_key_insecure.pem"
Environment="ETCD_PEER_TRUSTED_CA_FILE=/etc/ssl/certs/etcd/ca_cert.pem"
Environment="ETCD_PEER_CLIENT_CERT_AUTH=true"
`;

/** The etcdctl script of the seed document. */
export const seedScript = `export ETCDCTL_API=3
export ETCDCTL_DIAL_TIMEOUT=3s
export ETCDCTL_ENDPOINTS=https://etcd-0.robobee.test:2379
export ETCDCTL_CACERT=/etc/ssl/certs/etcd/ca_cert.pem
export ETCDCTL_CERT=/etc/ssl/certs/etcd/client_cert.pem
export ETCDCTL_KEY=/etc/ssl/certs/etcd/client_key_insecure.pem
`;

/** The files of the seed document's table, by name. */
export async function seedFiles(
  clientUsages: NonNullable<LeafOptions['usages']> = ['clientAuth'],
): Promise<Record<string, string>> {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const client = await authority.issue({ commonName: 'client', usages: clientUsages });
  const files: Record<string, string> = {
    'ca_cert.pem': authority.certificatePem,
    'client_cert.pem': client.certificatePem,
    'client_key_insecure.pem': client.privateKeyPem,
  };
  for (const { number, addresses } of seedNodes) {
    const node = await authority.issue({
      commonName: `prod00kube0${number}.ams01.service.moovel.ibm.com`,
      hosts: addresses,
      usages: ['serverAuth', 'clientAuth'],
    });
    files[`node_${number}_cert.pem`] = node.certificatePem;
    files[`node_${number}_key_insecure.pem`] = node.privateKeyPem;
  }
  return files;
}
