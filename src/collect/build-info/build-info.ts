import { readElf } from './elf.ts';
import { readMachO } from './mach-o.ts';
import { Fields, type Part, type ProgramFile, type ProgramImage } from './program-image.ts';

/** The two texts that Go leaves in a program (debug/buildinfo). */
export interface BuildTexts {
  /** E.g. `go1.24.0`, `go1.22.7 X:boringcrypto`. */
  readonly goVersion: string;
  /** Lines of `path`, `mod`, `dep`, `=>` and `build`. */
  readonly modules: string;
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const alignment = 16;
const headerSize = 32;
/** Go itself looks no further where no section names the place. */
const mostSearched = 1024 * 1024;
/** The texts of programs with a thousand modules have a tenth of it. */
const mostText = 1024 * 1024;

/** Finds and decodes Go's build information; undefined where a file is no program that Go built. */
export function readBuildTexts(file: ProgramFile): BuildTexts | undefined {
  const image = readElf(file) ?? readMachO(file);
  if (image === undefined) return undefined;
  for (const candidate of image.candidates) {
    const at = findMagic(file, candidate);
    const texts = at === undefined ? undefined : textsAt(file, at, image);
    if (texts !== undefined) return texts;
  }
  return undefined;
}

function findMagic(file: ProgramFile, { offset, size }: Part): number | undefined {
  const bytes = Buffer.from(file.read(offset, Math.min(size, mostSearched)));
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    if (at % alignment === 0) return offset + at;
  }
  return undefined;
}

const bigEndian = 1;
const inline = 2;

function textsAt(file: ProgramFile, at: number, image: ProgramImage): BuildTexts | undefined {
  const header = file.read(at, headerSize);
  const [size = 0, flags = 0] = header.slice(magic.length);
  const texts =
    (flags & inline) === 0
      ? pointedTexts(file, header, { size, isLittle: (flags & bigEndian) === 0, image })
      : inlineTexts(file, at + headerSize);
  if (texts === undefined) return undefined;
  const [version, modules] = texts.map((text) => Buffer.from(text).toString('utf8'));
  if (version?.startsWith('go') !== true) return undefined;
  return { goVersion: version, modules: withoutSentinels(modules ?? '', texts[1]) };
}

/** Since Go 1.18: each text behind its length, a varint. */
function inlineTexts(file: ProgramFile, at: number) {
  const version = inlineText(file, at);
  const modules = version && inlineText(file, version.end);
  return version && modules && [version.bytes, modules.bytes];
}

function inlineText(file: ProgramFile, at: number) {
  const head = file.read(at, 10);
  let length = 0;
  for (const [index, byte] of head.entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    if (length > mostText) return undefined;
    const start = at + index + 1;
    const bytes = file.read(start, length);
    return bytes.length === length ? { bytes, end: start + length } : undefined;
  }
  return undefined;
}

interface Pointers {
  readonly size: number;
  readonly isLittle: boolean;
  readonly image: ProgramImage;
}

/** Before Go 1.18: the addresses of two strings, each an address and a length. */
function pointedTexts(file: ProgramFile, header: Uint8Array, { size, isLittle, image }: Pointers) {
  if (size !== 4 && size !== 8) return undefined;
  const fields = new Fields(header, isLittle);
  const [version, modules] = [16, 16 + size].map((at) => {
    const string = new Fields(readMemory(file, image, fields.word(at, size), 2 * size), isLittle);
    const length = string.word(size, size);
    return length > mostText ? undefined : readMemory(file, image, string.word(0, size), length);
  });
  return version && modules && [version, modules];
}

/** What is at an address when the program runs; nothing where the file has nothing for it. */
function readMemory(
  file: ProgramFile,
  { segments }: ProgramImage,
  address: number,
  length: number,
): Uint8Array {
  const segment = segments.find(
    (each) => address >= each.address && address + length <= each.address + each.size,
  );
  if (segment === undefined) return new Uint8Array();
  return file.read(segment.offset + address - segment.address, length);
}

/** Sixteen bytes on either side mark where the text begins and ends in memory (cmd/go modload). */
function withoutSentinels(text: string, bytes: Uint8Array | undefined): string {
  if (bytes === undefined || bytes.length < 33 || bytes.at(-17) !== 0x0a) return '';
  return text === '' ? '' : Buffer.from(bytes.slice(16, -16)).toString('utf8');
}
