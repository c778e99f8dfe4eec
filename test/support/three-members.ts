import type { Directory } from './directory.ts';
import { directoryWith } from './directory.ts';
import { issueAuthority } from './pki.ts';

/** Changes to the variables of one member; undefined takes a variable away. */
export type Variables = Readonly<Record<string, string | undefined>>;

const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;

/** Three sound members, each with an environment file, and what differs in them by member. */
export async function threeMembers(
  differences: Readonly<Record<string, Variables>> = {},
  others: Readonly<Record<string, string>> = {},
): Promise<Directory> {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const files: Record<string, string> = { 'ca.pem': ca.certificatePem, ...others };
  for (const [index, address] of addresses.entries()) {
    const name = `n${index + 1}`;
    const leaf = await ca.issue({
      commonName: name,
      hosts: [address, name, 'localhost', '127.0.0.1'],
    });
    files[`${name}.pem`] = leaf.certificatePem;
    files[`${name}-key.pem`] = leaf.privateKeyPem;
    files[`${name}/etc/default/etcd`] = environmentFile({
      ...variablesOf(name, address),
      ...differences[name],
    });
  }
  const client = await ca.issue({ commonName: 'client', usages: ['clientAuth'] });
  files['client.pem'] = client.certificatePem;
  files['client-key.pem'] = client.privateKeyPem;
  return await directoryWith(files);
}

function environmentFile(variables: Variables): string {
  const lines = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return `${lines.join('\n')}\n`;
}

function variablesOf(name: string, address: string): Variables {
  return {
    ETCD_NAME: name,
    ETCD_LISTEN_CLIENT_URLS: `https://${address}:2379,https://127.0.0.1:2379`,
    ETCD_ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
    ETCD_LISTEN_PEER_URLS: `https://${address}:2380`,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
    ETCD_INITIAL_CLUSTER: addresses
      .map((each, index) => `n${index + 1}=https://${each}:2380`)
      .join(','),
    ETCD_INITIAL_CLUSTER_TOKEN: 'blue',
    ETCD_CERT_FILE: `/etc/etcd/${name}.pem`,
    ETCD_KEY_FILE: `/etc/etcd/${name}-key.pem`,
    ETCD_TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
    ETCD_CLIENT_CERT_AUTH: 'true',
    ETCD_PEER_CERT_FILE: `/etc/etcd/${name}.pem`,
    ETCD_PEER_KEY_FILE: `/etc/etcd/${name}-key.pem`,
    ETCD_PEER_TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
    ETCD_PEER_CLIENT_CERT_AUTH: 'true',
  };
}
