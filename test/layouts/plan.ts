import type { ExtendedKeyUsageName } from '../../testcluster/issue/extensions.ts';
import { issueAuthority, type LeafOptions } from '../support/pki.ts';

/** One machine of a layout. */
export interface Host {
  readonly name: string;
  readonly address: string;
  /** Where its files are in the set; empty where all machines share them. */
  readonly directory: string;
}

export type Role = 'server' | 'peer' | 'both' | 'client' | 'other';

/** One certificate that the tool issues. */
export interface PlannedLeaf {
  readonly role: Role;
  readonly authority: string;
  /** Absent for a client. */
  readonly host?: Host;
  readonly leaf: LeafOptions;
  /** Paths in the set. */
  readonly certificate: string;
  readonly key: string;
}

/** One etcd process, by flags without dashes. Their order is that of the file. */
export interface PlannedMember {
  readonly host: Host;
  readonly flags: Readonly<Record<string, string>>;
}

export type Files = Record<string, string>;

/** A cert set with its settings, as a tool leaves it, before anything is written. */
export interface LayoutPlan {
  readonly hosts: readonly Host[];
  /** Common names, or the options, of the CAs by id. */
  readonly authorities: Readonly<Record<string, string>>;
  /** Where the CA certificates are; one CA may be in many places. */
  readonly anchors: readonly { readonly authority: string; readonly path: string }[];
  readonly leaves: readonly PlannedLeaf[];
  readonly members: readonly PlannedMember[];
  /** Writes one member's settings in the form of the tool; `undefined` members share one file. */
  readonly settings: (members: readonly PlannedMember[]) => Files;
  /** Clients, Secrets and whatever else is there; made of what was issued. */
  readonly others?: (issued: Files) => Files;
}

/** Issues and writes all of a plan, in memory. */
export async function filesOf(plan: LayoutPlan): Promise<Files> {
  const files: Files = {};
  const authorities = new Map<string, Awaited<ReturnType<typeof issueAuthority>>>();
  for (const [id, commonName] of Object.entries(plan.authorities)) {
    authorities.set(id, await issueAuthority({ commonName }));
  }
  for (const { authority, path } of plan.anchors) {
    files[path] = authorityOf(authorities, authority).certificatePem;
  }
  for (const { authority, leaf, certificate, key } of plan.leaves) {
    const issued = await authorityOf(authorities, authority).issue(leaf);
    files[certificate] = issued.certificatePem;
    files[key] = issued.privateKeyPem;
  }
  Object.assign(files, plan.settings(plan.members));
  return { ...files, ...plan.others?.(files) };
}

function authorityOf<Value>(authorities: ReadonlyMap<string, Value>, id: string): Value {
  const found = authorities.get(id);
  if (found === undefined) throw new Error(`the plan has no CA ${id}`);
  return found;
}

export function hostsNamed(
  names: readonly string[],
  network: string,
  directory: (name: string) => string,
): readonly Host[] {
  return names.map((name, index) => ({
    name,
    address: `${network}.${11 + index}`,
    directory: directory(name),
  }));
}

/** A path of a machine, in the set. */
export function on({ directory }: Host, path: string): string {
  return directory === '' ? path.replace(/^\//, '') : `${directory}${path}`;
}

/** What most tools tell etcd of its addresses. */
export function addressing(
  host: Host,
  hosts: readonly Host[],
  {
    by = 'address',
    loopback = true,
    client = 2379,
    peer = 2380,
  }: {
    readonly by?: 'address' | 'name';
    readonly loopback?: boolean;
    readonly client?: number;
    readonly peer?: number;
  } = {},
): Readonly<Record<string, string>> {
  const reached = (each: Host) => (by === 'name' ? each.name : each.address);
  const listen = by === 'name' ? '0.0.0.0' : host.address;
  const local = loopback && by === 'address' ? `https://127.0.0.1:${client},` : '';
  return {
    name: host.name,
    'data-dir': '/var/lib/etcd',
    'listen-client-urls': `${local}https://${listen}:${client}`,
    'advertise-client-urls': `https://${reached(host)}:${client}`,
    'listen-peer-urls': `https://${listen}:${peer}`,
    'initial-advertise-peer-urls': `https://${reached(host)}:${peer}`,
    'initial-cluster': hosts
      .map((each) => `${each.name}=https://${reached(each)}:${peer}`)
      .join(','),
    'initial-cluster-state': 'new',
  };
}

/** Certificates as deployed: server, peer, and their CAs. */
export function mutualTls(paths: {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly peerCert?: string;
  readonly peerKey?: string;
  readonly peerCa?: string;
}): Readonly<Record<string, string>> {
  const { cert, key, ca, peerCert = cert, peerKey = key, peerCa = ca } = paths;
  return {
    'cert-file': cert,
    'key-file': key,
    'client-cert-auth': 'true',
    'trusted-ca-file': ca,
    'peer-cert-file': peerCert,
    'peer-key-file': peerKey,
    'peer-client-cert-auth': 'true',
    'peer-trusted-ca-file': peerCa,
  };
}

const both: readonly ExtendedKeyUsageName[] = ['serverAuth', 'clientAuth'];

export function memberLeaf(host: Host, more: LeafOptions = {}): LeafOptions {
  return {
    commonName: host.name,
    hosts: [host.name, 'localhost', host.address, '127.0.0.1'],
    usages: both,
    ...more,
  };
}

export function clientLeaf(commonName: string, organization?: string): LeafOptions {
  return {
    commonName,
    usages: ['clientAuth'],
    ...(organization !== undefined && { organization }),
  };
}
