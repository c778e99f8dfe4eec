import type { Deployment as Judged } from '../../src/model/deployment.ts';
import type { FileFact } from '../../src/model/files.ts';
import type { Edge } from '../../src/model/forecast.ts';
import type { Client, Member } from '../../src/model/inventory.ts';
import { describeFile } from '../../src/pki/describe-file.ts';
import { aClient, aMember, filesOf, type MemberOptions } from '../support/facts.ts';
import { type Authority, issueAuthority, type LeafOptions } from '../support/pki.ts';

/** The moment that every forecast here is made for. */
const now = '2026-06-01T00:00:00.000Z';

/** Of every leaf, unless told otherwise. */
export const lifetime = {
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validTo: new Date('2027-01-01T00:00:00Z'),
};

/** Files by path: PEM text, or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

function described(files: Files): readonly FileFact[] {
  return Object.entries(files).map(([path, content]) =>
    describeFile({
      path,
      bytes: typeof content === 'string' ? Buffer.from(content) : content,
      mode: 0o600,
    }),
  );
}

export interface Deployment {
  readonly ca: Authority;
  readonly peerCa: Authority;
  readonly files: Files;
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
}

const addresses: Readonly<Record<string, string>> = {
  node1: '10.0.0.1',
  node2: '10.0.0.2',
  node3: '10.0.0.3',
};

/** How one member's certificates and settings differ from sound ones. */
export interface Deviation extends MemberOptions {
  readonly leaf?: LeafOptions;
  readonly peerLeaf?: LeafOptions;
}

/** A sound cluster of three, with really issued certificates, but for what is told otherwise. */
export async function deploy(
  deviations: Readonly<Record<string, Deviation>> = {},
  client: { readonly leaf?: LeafOptions; readonly client?: Partial<Client> } = {},
): Promise<Deployment> {
  const ca = await issueAuthority({ commonName: 'etcd-ca', ...authorityLifetime });
  const peerCa = await issueAuthority({ commonName: 'etcd-peer-ca', ...authorityLifetime });
  const files: Record<string, string> = {
    'pki/ca.crt': ca.certificatePem,
    'pki/peer-ca.crt': peerCa.certificatePem,
  };
  for (const [name, address] of Object.entries(addresses)) {
    const { leaf = {}, peerLeaf = {} } = deviations[name] ?? {};
    const paths = filesOf(name);
    const sound: LeafOptions = {
      commonName: name,
      hosts: [address, '127.0.0.1', 'localhost'],
      usages: ['serverAuth', 'clientAuth'],
      ...lifetime,
    };
    const server = await ca.issue({ ...sound, ...leaf });
    const peer = await peerCa.issue({ ...sound, ...peerLeaf });
    files[paths.certificate] = server.certificatePem;
    files[paths.key] = server.privateKeyPem;
    files[paths.peerCertificate] = peer.certificatePem;
    files[paths.peerKey] = peer.privateKeyPem;
  }
  const { certificatePem, privateKeyPem } = await ca.issue({
    commonName: 'client',
    usages: ['clientAuth'],
    ...lifetime,
    ...client.leaf,
  });
  return {
    ca,
    peerCa,
    files: { ...files, 'pki/client.crt': certificatePem, 'pki/client.key': privateKeyPem },
    members: Object.entries(addresses).map(([name, address]) =>
      aMember({ name, address, ...deviations[name] }),
    ),
    clients: [aClient({ ...client.client })],
  };
}

const authorityLifetime = {
  validFrom: new Date('2025-01-01T00:00:00Z'),
  validTo: new Date('2035-01-01T00:00:00Z'),
};

export function evidenceOf({ files, members, clients }: Omit<Deployment, 'ca' | 'peerCa'>): Judged {
  return {
    collectedAt: now,
    facts: { files: described(files), members, clients, guesses: [] },
    gaps: {},
  };
}

/** The parts of an edge that say what comes of it. */
export function outcomeOf(edge: Edge | undefined) {
  if (edge === undefined) return undefined;
  const { outcome, refusedBy, rule, clientError, serverError } = edge;
  return { outcome, refusedBy, rule, clientError, serverError };
}
