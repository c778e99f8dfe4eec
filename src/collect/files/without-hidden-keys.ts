import type { Block, FileFact } from '../../model/files.ts';

/**
 * Drops the bytes of blocks that claim to be certificates and hold a private key.
 *
 * The model keeps the bytes of certificates that cannot be parsed; a key under the wrong label would
 * get into saved evidence that way.
 */
export function withoutHiddenKeys(file: FileFact): FileFact {
  return file.blocks.some(hidesKey) ? { ...file, blocks: file.blocks.map(withoutKey) } : file;
}

function withoutKey(block: Block): Block {
  return block.kind === 'malformed-certificate' && hidesKey(block) ? { ...block, der: '' } : block;
}

/** PKCS#8, PKCS#1 and SEC1 keys begin with a version number, certificates with another sequence. */
function hidesKey(block: Block): boolean {
  if (block.kind !== 'malformed-certificate') return false;
  const bytes = Buffer.from(block.der, 'base64');
  const length = bytes[1] ?? 0;
  const content = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return bytes[0] === sequence && bytes[content] === integer;
}

const sequence = 0x30;
const integer = 0x02;
