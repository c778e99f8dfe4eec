import type { PemTrap } from '../model/files.ts';
import { toLatin1 } from './bytes.ts';
import { DerReader } from './der-reader.ts';
import type { PemBlock } from './pem.ts';

/** What looks like PEM or a certificate to a person, and not to Go. */
export function findPemTraps(bytes: Uint8Array, blocks: readonly PemBlock[]): readonly PemTrap[] {
  if (bytes.length === 0) return [trap('empty', 'the file is empty')];
  const text = toLatin1(bytes);
  const found = findHiddenBlocks(text, blocks);
  if (found.length > 0 || blocks.length > 0) return found;
  if (isDer(bytes)) {
    return [trap('der', 'the file is DER; Go reads only PEM here')];
  }
  if (bytes[0] === bytes[2] && (bytes[0] === 0xfe || bytes[0] === 0xce)) {
    return [trap('key-store', 'the file is a Java key store; Go reads only PEM')];
  }
  if (/^(?:\u00ff\u00fe-\0-\0|\u00fe\u00ff\0-\0-)/.test(text)) {
    return [trap('utf-16', 'the file is PEM in UTF-16, which Go does not read')];
  }
  // Keys and signatures of OpenPGP are armoured alike, and hold no certificate.
  if (text.includes('-----BEGIN PGP ')) return [];
  return [trap('no-pem', 'the file contains no PEM block')];
}

function trap(kind: PemTrap['kind'], detail: string, line?: number): PemTrap {
  return { kind, detail, ...(line !== undefined && { line }) };
}

function isDer(bytes: Uint8Array): boolean {
  const reader = new DerReader(bytes);
  return bytes[0] === 0x30 && reader.element() !== undefined && reader.isEmpty;
}

const byteOrderMark = '\u00ef\u00bb\u00bf';

function findHiddenBlocks(text: string, blocks: readonly PemBlock[]): readonly PemTrap[] {
  const seen = new Set(blocks.map(({ line }) => line));
  const traps: PemTrap[] = [];
  let line = 1;
  let counted = 0;
  let end = text.indexOf('-----END ');
  let judged: End = { end: -1, isGlued: false };
  for (const { index } of text.matchAll(/-----BEGIN (?!PGP )[^\n]*-----/g)) {
    for (; counted < index; counted += 1) if (text[counted] === '\n') line += 1;
    const lineStart = text.lastIndexOf('\n', index - 1) + 1;
    const before = text.slice(index === 0 ? 0 : lineStart, index);
    if (before === '' && seen.has(line)) continue;
    // The same END for thousands of blocks is looked for once.
    if (end >= 0 && end < index) end = text.indexOf('-----END ', index);
    if (end !== judged.end) judged = { end, isGlued: isGlued(text, end) };
    traps.push(judge(before, line, judged));
  }
  return traps;
}

/** Where the next END is; negative where there is none. */
interface End {
  readonly end: number;
  /** Whether a BEGIN follows it on its line. */
  readonly isGlued: boolean;
}

function isGlued(text: string, end: number): boolean {
  if (end < 0) return false;
  const line = text.slice(end, text.indexOf('\n', end) + 1 || text.length);
  const closing = line.indexOf('-----', '-----END '.length);
  return closing >= 0 && line.includes('-----BEGIN ', closing + '-----'.length);
}

/** Why Go does not see the block that seems to begin here. */
function judge(before: string, line: number, { end, isGlued: isEndGlued }: End): PemTrap {
  if (before.startsWith(byteOrderMark)) {
    const detail =
      'there is a byte order mark before BEGIN; Go skips the block, because BEGIN is not at the start of a line';
    return trap('byte-order-mark', detail, line);
  }
  if (before.includes('-----END ') || isEndGlued) {
    const detail = 'BEGIN follows END on the same line; Go skips both blocks';
    return trap('glued-blocks', detail, line);
  }
  if (before !== '') {
    const detail = 'BEGIN is not at the start of its line; Go skips the block';
    return trap('indented', detail, line);
  }
  if (end < 0) {
    return trap('truncated', 'this BEGIN has no END; Go skips the block', line);
  }
  const detail =
    'the text between BEGIN and END is not base64, or the END does not match the BEGIN; Go skips the block';
  return trap('bad-base64', detail, line);
}
