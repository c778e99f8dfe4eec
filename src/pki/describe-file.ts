import type { Block, FileFact } from '../model/files.ts';
import { fingerprint } from './check-signature.ts';
import { explainCrl } from './explain-crl.ts';
import { currentGo } from './go-release.ts';
import { hiddenCertificates } from './hidden-certificates.ts';
import { parseCertificate } from './parse-certificate.ts';
import { type PemBlock, readPem } from './pem.ts';
import { findPemTraps } from './pem-traps.ts';
import { describePrivateKey, tooLargeNumber } from './private-key.ts';
import { readingsOf } from './readings.ts';
import { parseRevocationList } from './revocation-list.ts';

/** A file as it was read. */
export interface FileContent {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkTarget?: string;
}

/** Everything that matters about a file, without its key material. */
export function describeFile(content: FileContent): FileFact {
  const { bytes } = content;
  const pemBlocks = readPem(bytes, currentGo);
  const revocationList = findRevocationList(bytes, pemBlocks);
  const traps = findPemTraps(bytes, pemBlocks);
  const hidden = pemBlocks.length === 0 ? hiddenCertificates(bytes, traps) : [];
  const blocks = pemBlocks.map(describeBlock);
  if (blocks.some(isBeyondLimit)) {
    const unreadable = { kind: 'too-large', text: tooLargeNumber } as const;
    return { ...placeOf(content), size: bytes.length, unreadable, blocks: [], traps: [] };
  }
  const fact: Fact = Object.assign(placeOf(content), { size: bytes.length, blocks, traps });
  if (hidden.length > 0) fact.hidden = hidden;
  if (revocationList !== undefined) fact.revocationList = revocationList;
  fact.asRevocationList = explainCrl(bytes, pemBlocks);
  return fact;
}

type Fact = { -readonly [Field in keyof FileFact]: FileFact[Field] };
type Place = Pick<Fact, 'path' | 'mode' | 'uid' | 'gid' | 'linkTarget'>;

/** Field by field: objects that are spread into others have a shape each, and thousands of files are described. */
function placeOf({ path, mode, uid, gid, linkTarget }: FileContent): Place {
  const place: Place = { path };
  if (mode !== undefined) place.mode = mode;
  if (uid !== undefined) place.uid = uid;
  if (gid !== undefined) place.gid = gid;
  if (linkTarget !== undefined) place.linkTarget = linkTarget;
  return place;
}

function describeBlock(block: PemBlock): Block {
  const { type, line, bytes } = block;
  const parsed = parseCertificate(bytes);
  if (parsed.ok) return { type, line, kind: 'certificate', certificate: parsed.certificate };
  if (type.endsWith('PRIVATE KEY')) {
    const key = describePrivateKey(block);
    return { type, line, kind: 'key', key, asCertificate: parsed.error.text };
  }
  if (type.endsWith('CERTIFICATE')) {
    const readings = readingsOf(bytes);
    return { type, line, kind: 'malformed-certificate', error: parsed.error.text, readings };
  }
  const asCertificate = parsed.error.text;
  if (type === 'X509 CRL') return { type, line, kind: 'crl', asCertificate };
  const isPublicKey = type === 'PUBLIC KEY';
  return {
    type,
    line,
    kind: 'other',
    asCertificate,
    ...(isPublicKey && { publicKeySha256: fingerprint(bytes) }),
  };
}

/** Whether Go may take a key that is not judged here. */
function isBeyondLimit(block: Block): boolean {
  return block.kind === 'key' && block.key.refusedBy === tooLargeNumber;
}

function findRevocationList(
  bytes: Uint8Array,
  blocks: readonly PemBlock[],
): FileFact['revocationList'] {
  const block = blocks.find(({ type }) => type === 'X509 CRL');
  if (block !== undefined) return parseRevocationList(block.bytes, 'PEM').list;
  return bytes[0] === 0x30 ? parseRevocationList(bytes, 'DER').list : undefined;
}
