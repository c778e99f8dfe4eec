import { type Directory, directoryWith } from './directory.ts';
import { type Authority, issueAuthority } from './pki.ts';

export const hosts = ['a', 'b', 'c'];
const at = (host: string): string => `10.0.0.${hosts.indexOf(host) + 1}`;

interface Variant {
  /** The member whose certificate another CA issued. */
  readonly foreign: string;
  /** That CA is the one of the other cluster. */
  readonly ofOther: boolean;
  /** What etcd-a has as its list. */
  readonly mistyped: (list: string) => string;
  readonly only: string;
  readonly sameNames: boolean;
  /** Whether there is a key that nobody uses. */
  readonly spare: boolean;
  /** What the API servers dial instead of the one cluster. */
  readonly spanning: string;
}

const asKops: Variant = {
  foreign: '',
  ofOther: false,
  mistyped: (list) => list,
  only: '',
  sameNames: false,
  spare: false,
  spanning: '',
};

const kinds = [
  { kind: 'etcd', client: 4001, peer: 2380 },
  { kind: 'etcd-events', client: 4002, peer: 2381 },
];

type Kind = (typeof kinds)[number];

/** As kops lays them out: main and events on the same hosts, on other ports, each with a CA of its own. */
export async function twoClusters(given: Partial<Variant> = {}): Promise<Directory> {
  const variant = { ...asKops, ...given };
  const main = await issueAuthority({ commonName: 'etcd-ca' });
  const events = await issueAuthority({ commonName: 'etcd-events-ca' });
  const foreign = variant.ofOther ? events : await issueAuthority({ commonName: 'foreign-ca' });
  const spare = await foreign.issue({ commonName: 'spare' });
  const clusters = await Promise.all(
    kinds
      .filter(({ kind }) => variant.only === '' || kind === variant.only)
      .map((kind) => {
        const own = kind.kind === 'etcd' ? main : events;
        return clusterFiles(kind, { own, foreign }, variant);
      }),
  );
  const spareKey = variant.spare ? { 'spare-key.pem': spare.privateKeyPem } : {};
  return await directoryWith(Object.assign({}, ...clusters, spareKey));
}

interface Authorities {
  readonly own: Authority;
  readonly foreign: Authority;
}

async function clusterFiles(
  { kind, client, peer }: Kind,
  { own, foreign }: Authorities,
  variant: Variant,
): Promise<Readonly<Record<string, string>>> {
  const name = (host: string) => `${variant.sameNames ? 'etcd' : kind}-${host}`;
  const list = hosts.map((host) => `${name(host)}=https://${at(host)}:${peer}`).join(',');
  const files: Record<string, string> = { [`${kind}-ca.pem`]: own.certificatePem };
  for (const host of hosts) {
    const member = `${kind}-${host}`;
    const leaf = await (variant.foreign === member ? foreign : own).issue({
      commonName: member,
      hosts: [at(host), '127.0.0.1', 'localhost'],
      usages: ['serverAuth', 'clientAuth'],
    });
    files[`${member}.pem`] = leaf.certificatePem;
    files[`${member}-key.pem`] = leaf.privateKeyPem;
    files[`${member}.env`] = environment({
      NAME: name(host),
      DATA_DIR: `/var/lib/${kind}`,
      LISTEN_CLIENT_URLS: `https://0.0.0.0:${client}`,
      ADVERTISE_CLIENT_URLS: `https://${at(host)}:${client}`,
      LISTEN_PEER_URLS: `https://0.0.0.0:${peer}`,
      INITIAL_ADVERTISE_PEER_URLS: `https://${at(host)}:${peer}`,
      INITIAL_CLUSTER: member === 'etcd-a' ? variant.mistyped(list) : list,
      ...tls('', kind, member),
      ...tls('PEER_', kind, member),
    });
  }
  const apiserver = await own.issue({ commonName: `apiserver-${kind}`, usages: ['clientAuth'] });
  files[`apiserver-${kind}.pem`] = apiserver.certificatePem;
  files[`apiserver-${kind}-key.pem`] = apiserver.privateKeyPem;
  files[`apiserver-${kind}.service`] = `[Service]
ExecStart=/usr/bin/kube-apiserver --etcd-servers=${variant.spanning || `https://127.0.0.1:${client}`} \\
  --etcd-cafile=/etc/etcd/${kind}-ca.pem --etcd-certfile=/etc/etcd/apiserver-${kind}.pem \\
  --etcd-keyfile=/etc/etcd/apiserver-${kind}-key.pem
`;
  return files;
}

function tls(prefix: string, kind: string, member: string): Readonly<Record<string, string>> {
  return {
    [`${prefix}CERT_FILE`]: `/etc/etcd/${member}.pem`,
    [`${prefix}KEY_FILE`]: `/etc/etcd/${member}-key.pem`,
    [`${prefix}TRUSTED_CA_FILE`]: `/etc/etcd/${kind}-ca.pem`,
    [`${prefix}CLIENT_CERT_AUTH`]: 'true',
  };
}

function environment(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `ETCD_${key}=${value}\n`)
    .join('');
}
