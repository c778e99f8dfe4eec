import { judge, look } from '../../src/audit.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Report } from '../../src/model/report.ts';
import { type Directory, directoryWith } from './directory.ts';
import { type Authority, issueAuthority, type LeafOptions } from './pki.ts';

const authority = issueAuthority({ commonName: 'etcd-ca' });

/** `by`: the CA that issues it, where that is another than the one that all trust. */
export type Leaves = Readonly<Record<string, LeafOptions & { readonly by?: Authority }>>;

/** Certificates of members and of a client, without settings. */
export async function certificatesOf(leaves: Leaves): Promise<Directory> {
  const ca = await authority;
  const files: Record<string, string> = { 'ca.pem': ca.certificatePem };
  const all: Leaves = { client: { usages: ['clientAuth'] }, ...leaves };
  for (const [name, { by = ca, ...leaf }] of Object.entries(all)) {
    const usages = ['serverAuth', 'clientAuth'] as const;
    const issued = await by.issue({ commonName: name, usages, ...leaf });
    files[`${name}.pem`] = issued.certificatePem;
    files[`${name}-key.pem`] = issued.privateKeyPem;
  }
  return await directoryWith(files);
}

/** What etcdctl with these options would have judged. */
export function requestOf(
  directory: Directory,
  hosts: readonly string[],
  paths: readonly string[] = [directory.path],
) {
  const you = {
    endpoints: hosts.map((host) => `https://${host}:2379`),
    trustedCaFile: directory.at('ca.pem'),
    certificateFile: directory.at('client.pem'),
    keyFile: directory.at('client-key.pem'),
  };
  return { paths, maps: [], you };
}

/** What is said of hosts that were seen to serve the certificate in a file, by its name; with the number of the member that answered there. */
export async function seenServing(
  directory: Directory,
  served: Readonly<Record<string, string>>,
  paths?: readonly string[],
  answering: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const request = requestOf(directory, Object.keys(served), paths);
  const { facts } = await look({ ...request, paths: [directory.path] });
  const chainOf = (name: string) =>
    (facts.files ?? [])
      .filter(({ path }) => path === directory.at(`${name}.pem`))
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'certificate' ? [block.certificate] : []));
  const endpoints = Object.entries(served).map(([host, name]) => ({
    url: `https://${host}:2379`,
    addresses: [host],
    stages: [],
    speaks: 'tls' as const,
    plaintext: 'refused' as const,
    flight: {
      tlsVersion: '1.3' as const,
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      chain: chainOf(name),
      clientCertificateRequested: true,
      acceptableCas: [],
      signatureAlgorithms: [],
      milliseconds: 1,
    },
  }));
  const given = await look(request);
  const memberLists = Object.entries(answering).map(([host, id]) => ({
    url: `https://${host}:2379`,
    through: 'grpc' as const,
    outcome: 'answered' as const,
    clusterId: 'cdf8',
    respondingMemberId: id,
    members: Object.keys(answering).map((each, index) => listedAt(each, index + 1)),
    milliseconds: 1,
  }));
  const seen: Evidence = { ...given, facts: { ...given.facts, endpoints, memberLists } };
  return judge(seen, request);
}

function listedAt(host: string, number: number) {
  return {
    id: String(number),
    name: `node${number}`,
    peerUrls: [`https://${host}:2380`],
    clientUrls: [`https://${host}:2379`],
    isLearner: false,
  };
}
