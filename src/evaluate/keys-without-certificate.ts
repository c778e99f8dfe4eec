import type { Facts } from '../model/evidence.ts';
import type { Block, FileFact } from '../model/files.ts';
import type { Gap } from '../model/report.ts';

/** Service account keys of Kubernetes as kubeadm and k3s call them: no certificate is issued for these. */
const serviceAccountKey = /(?<![^/])(?:sa|service|service\.current)\.key$/;

/**
 * Private keys of none of the certificates given: a certificate that was replaced without its key, or the reverse. No
 * settings say which pair etcd loads.
 */
export function keysWithoutCertificate({
  files = [],
  members = [],
  clients = [],
}: Partial<Facts>): readonly Gap[] {
  const known = new Set(files.flatMap(publicKeysIn));
  const named = new Set(
    [...members, ...clients].flatMap((owner) => owner.files.flatMap(({ file }) => file ?? [])),
  );
  return files
    .filter(({ path }) => !named.has(path) && !serviceAccountKey.test(path))
    .filter(({ blocks }) => blocks.some((block) => isKeyOfNone(block, known)))
    .map(({ path }) => ({
      what: `what ${path} is for`,
      because: 'none of the certificates given belongs to this private key',
      give: `give the certificate of ${path}, or list that file under \`ignore\` in etcd-tls.yaml if nothing reads it`,
      asked: true,
    }));
}

function isKeyOfNone(block: Block, known: ReadonlySet<string>): boolean {
  if (block.kind !== 'key' || block.key.publicKeySha256 === undefined) return false;
  return !known.has(block.key.publicKeySha256);
}

/** Of every certificate that a person sees in a file, and of public keys alone. */
function publicKeysIn({ blocks, hidden = [] }: FileFact): readonly string[] {
  return [...blocks.flatMap(publicKeysOf), ...hidden.map(({ publicKey }) => publicKey.sha256)];
}

function publicKeysOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'certificate':
      return [block.certificate.publicKey.sha256];
    case 'malformed-certificate':
      return block.readings.flatMap(({ certificate }) => certificate?.publicKey.sha256 ?? []);
    case 'other':
      return block.publicKeySha256 === undefined ? [] : [block.publicKeySha256];
    case 'key':
    case 'crl':
      return [];
  }
}
