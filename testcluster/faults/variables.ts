import { clientUrl, type Node, peerUrl } from '../nodes.ts';
import { deployed, type MemberPlan } from '../plan.ts';

/** Takes client authentication away. */
export const openClientPort = {
  ETCD_TRUSTED_CA_FILE: undefined,
  ETCD_CLIENT_CERT_AUTH: undefined,
} as const;

export const noServerCertificate = { ETCD_CERT_FILE: undefined, ETCD_KEY_FILE: undefined } as const;

export const noPeerCertificate = {
  ETCD_PEER_CERT_FILE: undefined,
  ETCD_PEER_KEY_FILE: undefined,
} as const;

/** Client URLs in clear. */
export function plainClientUrls(node: Node): MemberPlan['environment'] {
  const url = inClear(clientUrl(node));
  return { ETCD_LISTEN_CLIENT_URLS: url, ETCD_ADVERTISE_CLIENT_URLS: url };
}

export function inClear(url: string): string {
  return url.replace('https:', 'http:');
}

/** A configuration file that says the same as the variables, but for the sections given. */
export function configText(
  environment: MemberPlan['environment'],
  sections: { readonly client: string; readonly peer?: string; readonly more?: string },
): string {
  const copied = [
    ['name', 'ETCD_NAME'],
    ['data-dir', 'ETCD_DATA_DIR'],
    ['listen-client-urls', 'ETCD_LISTEN_CLIENT_URLS'],
    ['advertise-client-urls', 'ETCD_ADVERTISE_CLIENT_URLS'],
    ['listen-peer-urls', 'ETCD_LISTEN_PEER_URLS'],
    ['initial-advertise-peer-urls', 'ETCD_INITIAL_ADVERTISE_PEER_URLS'],
    ['initial-cluster', 'ETCD_INITIAL_CLUSTER'],
    ['initial-cluster-state', 'ETCD_INITIAL_CLUSTER_STATE'],
    ['initial-cluster-token', 'ETCD_INITIAL_CLUSTER_TOKEN'],
  ] as const;
  const top = copied.map(([key, variable]) => `${key}: ${environment[variable] ?? ''}`);
  return [...top, sections.client, sections.peer ?? peerSection, sections.more ?? '', ''].join(
    '\n',
  );
}

const peerSection = section('peer-transport-security', {
  'cert-file': deployed('node_1_peer_cert.pem'),
  'key-file': deployed('node_1_peer_key_insecure.pem'),
  'trusted-ca-file': deployed('peer_ca_cert.pem'),
  'client-cert-auth': 'true',
});

/** A sound section for the client port, or one with other keys. */
export function clientSection(other: Readonly<Record<string, string | undefined>> = {}): string {
  return section('client-transport-security', {
    'cert-file': deployed('node_1_cert.pem'),
    'key-file': deployed('node_1_key_insecure.pem'),
    'trusted-ca-file': deployed('ca_cert.pem'),
    'client-cert-auth': 'true',
    ...other,
  });
}

function section(name: string, keys: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(keys).filter(([, value]) => value !== undefined);
  return [`${name}:`, ...lines.map(([key, value]) => `  ${key}: ${value}`)].join('\n');
}

/** Peer URLs in clear, in the initial cluster as well. */
export function plainPeerUrls(node: Node): MemberPlan['environment'] {
  const url = inClear(peerUrl(node));
  return {
    ETCD_LISTEN_PEER_URLS: url,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: url,
    ETCD_INITIAL_CLUSTER: `${node.name}=${url}`,
  };
}
