import { clientUrl, type Node, peerUrl, type Runtime } from './nodes.ts';
import type { LeafRecipe, Recipe } from './recipe.ts';

/** Where the document puts the certificates on every machine. */
export const deployedDirectory = '/etc/ssl/certs/etcd';

export const deployedDataDirectory = '/var/lib/etcd';

/** What one cluster is made of, before anything is written or started. */
export interface Plan {
  readonly nodes: readonly Node[];
  readonly recipe: Recipe;
  readonly members: readonly MemberPlan[];
  readonly clients: ClientsPlan;
}

/** The settings of one etcd process. Paths are those of the deployment. */
export interface MemberPlan {
  readonly node: Node;
  /** `ETCD_…` and other variables of the process; undefined takes one away. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: readonly string[];
  readonly directives?: Directives;
  /** Text of the configuration file, which `--config-file` then names. */
  readonly configFile?: string;
}

/** What of systemd.exec(5) can be had without systemd. */
export interface Directives {
  /** By its number, which is the group's too. */
  readonly User: number;
  /** A deployed directory. */
  readonly InaccessiblePaths: string;
}

/** The settings of the document's clients. */
export interface ClientsPlan {
  readonly etcdctlEndpoints: readonly string[];
  /** What the script does in the end, if not only set variables. */
  readonly etcdctlCommand?: string;
  /** Other than the document's; undefined takes one away. */
  readonly etcdctlFiles?: Partial<Readonly<Record<'CACERT' | 'CERT' | 'KEY', string | undefined>>>;
  /** There is none when absent. */
  readonly apiserverEndpoints?: readonly string[];
  /** The document leaves flanneld's three TLS flags empty. */
  readonly flannel?: { readonly endpoints: readonly string[] } | 'empty flags';
}

export type SettingsName = 'seed' | 'fixed';

export const settingsNames = ['seed', 'fixed'] as const satisfies readonly SettingsName[];

export interface PlanOptions {
  readonly runtime: Runtime;
  readonly settings: SettingsName;
  readonly nodes: readonly Node[];
  readonly keys: 'ecdsa' | 'rsa';
}

/** The document's cert set and settings: as it is, or with its mistakes fixed. */
export function planOf(options: PlanOptions): Plan {
  return options.settings === 'seed' ? seedPlan(options) : fixedPlan(options);
}

function seedPlan(options: PlanOptions): Plan {
  const { nodes } = options;
  const key = options.keys === 'rsa' ? 'rsa-2048' : 'ec-p256';
  const leaves = nodes.map((node): [string, LeafRecipe] => [
    stem(node),
    { ...memberLeaf(node, ipNames(node, options.runtime)), signedBy: 'ca', key },
  ]);
  return {
    nodes,
    recipe: {
      authorities: { ca: { commonName: 'etcd cluster CA', key } },
      leaves: { ...Object.fromEntries(leaves), client: { ...clientLeaf, key } },
      files: {},
    },
    members: nodes.map((node) => ({
      node,
      environment: { ...addressing(node, nodes, options.runtime), ...seedSettings(node) },
    })),
    clients: {
      etcdctlEndpoints: ['https://etcd-0.robobee.test:2379'],
      apiserverEndpoints: ['https://192.168.56.102:2379'],
      flannel: 'empty flags',
    },
  };
}

/** The six lines of the document's drop-in. */
function seedSettings(node: Node): Readonly<Record<string, string>> {
  return {
    ETCD_CERT_FILE: deployed(`${stem(node)}_cert.pem`),
    ETCD_KEY_FILE: deployed(`${stem(node)}_key_insecure.pem`),
    ETCD_PEER_CERT_FILE: deployed(`${stem(node)}_cert.pem`),
    ETCD_PEER_KEY_FILE: deployed(`${stem(node)}_key_insecure.pem`),
    ETCD_PEER_TRUSTED_CA_FILE: deployed('ca_cert.pem'),
    ETCD_PEER_CLIENT_CERT_AUTH: 'true',
  };
}

function fixedPlan(options: PlanOptions): Plan {
  const { nodes } = options;
  const key = options.keys === 'rsa' ? 'rsa-2048' : 'ec-p256';
  const leaves = nodes.flatMap((node): readonly [string, LeafRecipe][] => {
    const hosts = [...ipNames(node, 'native'), 'localhost', node.hostname];
    return [
      [stem(node), { ...memberLeaf(node, hosts), signedBy: 'ca', key }],
      [`${stem(node)}_peer`, { ...memberLeaf(node, hosts), signedBy: 'peer_ca', key }],
    ];
  });
  const endpoints = nodes.map(clientUrl);
  return {
    nodes,
    recipe: {
      authorities: {
        ca: { commonName: 'etcd cluster CA', key },
        peer_ca: { commonName: 'etcd peer CA', key },
      },
      leaves: { ...Object.fromEntries(leaves), client: { ...clientLeaf, key } },
      files: {},
    },
    members: nodes.map((node) => ({
      node,
      environment: { ...addressing(node, nodes, options.runtime), ...fixedSettings(node) },
    })),
    clients: {
      etcdctlEndpoints: endpoints,
      apiserverEndpoints: endpoints,
      flannel: { endpoints },
    },
  };
}

function fixedSettings(node: Node): Readonly<Record<string, string>> {
  return {
    ...seedSettings(node),
    ETCD_TRUSTED_CA_FILE: deployed('ca_cert.pem'),
    ETCD_CLIENT_CERT_AUTH: 'true',
    ETCD_PEER_CERT_FILE: deployed(`${stem(node)}_peer_cert.pem`),
    ETCD_PEER_KEY_FILE: deployed(`${stem(node)}_peer_key_insecure.pem`),
    ETCD_PEER_TRUSTED_CA_FILE: deployed('peer_ca_cert.pem'),
  };
}

/** What has nothing to do with TLS but the schemes. Plain processes share 127.0.0.1 and the disk as they are. */
function addressing(
  node: Node,
  nodes: readonly Node[],
  runtime: Runtime,
): Readonly<Record<string, string>> {
  const loopback = runtime === 'native' ? [] : [`https://127.0.0.1:${node.clientPort}`];
  return {
    ETCD_NAME: node.name,
    ETCD_DATA_DIR:
      runtime === 'native' ? `${deployedDataDirectory}/${node.name}` : deployedDataDirectory,
    ETCD_LISTEN_CLIENT_URLS: [clientUrl(node), ...loopback].join(','),
    ETCD_ADVERTISE_CLIENT_URLS: clientUrl(node),
    ETCD_LISTEN_PEER_URLS: peerUrl(node),
    ETCD_INITIAL_ADVERTISE_PEER_URLS: peerUrl(node),
    ETCD_INITIAL_CLUSTER: nodes.map((each) => `${each.name}=${peerUrl(each)}`).join(','),
    ETCD_INITIAL_CLUSTER_STATE: 'new',
    ETCD_INITIAL_CLUSTER_TOKEN: 'etcd-cluster-1',
  };
}

function memberLeaf(node: Node, hosts: readonly string[]) {
  return { commonName: node.hostname, hosts, usages: ['serverAuth', 'clientAuth'] } as const;
}

const clientLeaf: LeafRecipe = {
  signedBy: 'ca',
  commonName: 'etcd-client',
  usages: ['clientAuth'],
};

/**
 * The two addresses of the document's table. Every connection within 127.0.0.0/8 comes from 127.0.0.1,
 * so plain processes need that address in their certificates as well.
 */
function ipNames(node: Node, runtime: Runtime): readonly string[] {
  const own = [node.address, node.publicAddress];
  return runtime === 'native' ? [...new Set([...own, '127.0.0.1'])] : own;
}

/** `node_1`, with which the document's file names begin. */
function stem(node: Node): string {
  return `node_${node.number}`;
}

export function deployed(file: string): string {
  return `${deployedDirectory}/${file}`;
}
