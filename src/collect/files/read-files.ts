import { defined } from '../../model/defined.ts';
import { InputError } from '../../input-error.ts';
import type { TextFile } from '../../model/draft.ts';
import type { FileFact, Unreadable } from '../../model/files.ts';
import { describeFile } from '../../pki/describe-file.ts';
import { isProseOrLog } from '../settings/mentions.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { beginningOf, mostBytesOfFile, readBytesOf } from './read-bytes.ts';
import {
  holdsPemOfOthers,
  isMoreThanProcess,
  isOfProcess,
  looksLikePem,
  looksLikeText,
  namesCertificate,
  namesSettings,
} from './recognise.ts';
import { cannotRead } from './cannot-read.ts';
import { errorCode, whyUnreadable } from './system-words.ts';

/** What was read: certificates, keys and CRLs as facts, everything else that is text as it is. */
export interface ReadFiles {
  readonly files: readonly FileFact[];
  readonly texts: readonly GivenText[];
  /** Everything else that is there: programs, databases, archives. */
  readonly others: readonly FoundFile[];
  /** Directories of which every file was looked at. */
  readonly directories: readonly string[];
}

/** A text file with what the directory says of it. */
export interface GivenText extends TextFile {
  readonly content: FileContent;
}

/** Settings are small; what is larger is a log or a dump. */
const mostTextBytes = 4 * 1024 * 1024;

/** Files between two looks at signals and timers. */
const filesInARow = 256;

/** Reads everything under the given paths; `-` is standard input. */
export async function readFiles(paths: readonly string[]): Promise<ReadFiles> {
  const { files: found, directories } = findFiles(paths.filter((path) => path !== '-'));
  const read: ReadFile[] = [];
  for (const [index, file] of found.entries()) {
    if (index % filesInARow === filesInARow - 1) await new Promise(setImmediate);
    read.push(readOne(file));
  }
  const typed = paths.includes('-') ? [readBytes(await readStandardInput())] : [];
  const all = [...typed, ...read];
  return {
    files: all.flatMap(({ file }) => file ?? []),
    texts: all.flatMap(({ text }) => text ?? []),
    others: all.flatMap(({ other }) => other ?? []),
    directories,
  };
}

interface ReadFile {
  readonly file?: FileFact;
  readonly text?: GivenText;
  readonly other?: FoundFile;
}

function readOne(found: FoundFile): ReadFile {
  const unopened = passOver(found);
  if (unopened !== undefined) return unopened;
  const bytes = bytesOf(found);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const read = readBytes({ ...found, bytes });
  return read.file === undefined && read.text === undefined ? { other: found } : read;
}

/** The fact of a file that only settings name as a certificate, a key or a CRL. */
export function factOf(other: FoundFile): FileFact {
  const bytes = other.size > mostTextBytes ? passOverLarge(other) : bytesOf(other);
  if (bytes instanceof Uint8Array) return asFact({ ...other, bytes });
  return (
    bytes.file ?? unreadable(other, { kind: 'too-large', text: `too large: ${sizeOf(other)}` })
  );
}

/** What it holds, or what is said of it where that cannot be read. Parsers have no part in this. */
function bytesOf(found: FoundFile): Uint8Array | ReadFile {
  const isExpected = found.named || promises(found.path);
  const limits = {
    mostBytes: isExpected ? mostBytesOfFile : mostTextBytes,
    allowsPipe: found.named,
  };
  try {
    return readBytesOf(found.content ?? found.path, limits);
  } catch (error) {
    const isLarge = errorCode(error) === 'EFBIG';
    if (isLarge && isExpected)
      return { file: refuseLarge({ ...found, size: mostBytesOfFile + 1 }) };
    if (isLarge) return passOverLarge({ ...found, size: mostTextBytes + 1 });
    if (found.named) throw cannotRead(found.path, error);
    return { file: unreadable(found, whyUnreadable(error)) };
  }
}

function promises(path: string): boolean {
  return namesCertificate(path) || namesSettings(path);
}

const commonplace: ReadonlySet<Unreadable['kind']> = new Set(['missing', 'not-regular']);

/** What is said of a file without opening it; undefined when it is to be opened. */
function passOver(found: FoundFile): ReadFile | undefined {
  const isExpected = found.named || promises(found.path);
  if (found.unreadable !== undefined) {
    // Links that lead nowhere, and sockets, are no news about certificates unless they are called so.
    const isNews = isExpected || !commonplace.has(found.unreadable.kind);
    return isNews ? { file: unreadable(found, found.unreadable) } : {};
  }
  if (found.size > mostBytesOfFile && isExpected) return { file: refuseLarge(found) };
  return found.size > mostTextBytes && !isExpected ? passOverLarge(found) : undefined;
}

/** A text of that size may be settings, a database or an archive is not; logs are known by their names and lines. */
function passOverLarge(found: FoundFile): ReadFile {
  const head = beginningOf(found.path);
  if (!looksLikeText(head) || isProseOrLog(found.path, new TextDecoder().decode(head))) {
    return { other: found };
  }
  const text = `too large to be read as settings: ${sizeOf(found)}`;
  return { file: unreadable(found, { kind: 'too-large', text }) };
}

function sizeOf({ size }: Pick<FoundFile, 'size'>): string {
  return `${Math.ceil(size / 1024 / 1024)} MiB`;
}

function refuseLarge(found: FoundFile): FileFact {
  if (!found.named) {
    return unreadable(found, { kind: 'too-large', text: `too large: ${sizeOf(found)}` });
  }
  throw new InputError('FILE_TOO_LARGE', `${found.path} has ${sizeOf(found)} or more`, {
    hint: 'certificate, key and settings files have a few KiB; check that this is the right file',
  });
}

/** Bytes and where they come from; files within Secrets have no mode. */
export interface FileContent {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly named?: boolean;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkTarget?: string;
}

function isBinaryOfInterest({ bytes, named = false }: FileContent, isText: boolean): boolean {
  return !isText && (named || holdsCredentials(bytes));
}

/** Sorts one file: a fact when it has certificates, keys or CRLs or is named like one, else a text. */
export function readBytes(content: FileContent): ReadFile {
  const { bytes, path } = content;
  const isText = looksLikeText(bytes) || isOfProcess(path, bytes);
  const isPem = looksLikePem(bytes) && !(isText && holdsPemOfOthers(bytes));
  if (isPem || namesCertificate(path) || isBinaryOfInterest(content, isText)) {
    return { file: asFact(content) };
  }
  if (!isText) return binary(content);
  if (bytes.length > mostTextBytes) return {};
  const kept = { ...content, bytes: Uint8Array.from(bytes) };
  const mark = hasByteOrderMark(bytes) && { hasByteOrderMark: true as const };
  return { text: { path, text: new TextDecoder().decode(bytes), content: kept, ...mark } };
}

/** What is no text and holds no credentials. */
function binary(content: FileContent): ReadFile {
  const { path, bytes } = content;
  if (isMoreThanProcess(path, bytes)) {
    const size = bytes.length;
    const text = `too large: ${sizeOf({ size })}, more than Linux gives a process`;
    return { file: unreadable({ ...content, size }, { kind: 'too-large', text }) };
  }
  return namesSettings(path) ? { file: withoutSettings(content) } : {};
}

function hasByteOrderMark([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}

/** The fact that a file gives, whatever it holds. */
export function asFact({ path, bytes, mode, uid, gid, linkTarget }: FileContent): FileFact {
  const content = { path, bytes, ...defined({ mode, uid, gid, linkTarget }) };
  return describeFile(content);
}

/** The fact of a file that is named like settings and holds none. */
export function withoutSettings({ bytes, ...about }: FileContent): FileFact {
  const text = 'named like a settings file, but contains no known setting';
  return unreadable({ ...about, size: bytes.length }, { kind: 'no-settings', text });
}

function unreadable(found: Omit<FoundFile, 'named'>, why: Unreadable): FileFact {
  const { path, size, mode, uid, gid, linkTarget } = found;
  const kept = defined({ mode, uid, gid, linkTarget });
  return { path, size, ...kept, unreadable: why, blocks: [], traps: [] };
}

/** What standard input is called in reports. */
const standardInput = 'stdin';

const mostOfInput = 64 * 1024 * 1024;

/** Everything that standard input holds. */
async function readStandardInput(): Promise<FileContent> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostOfInput) {
      throw new InputError('FILE_TOO_LARGE', 'standard input is larger than 64 MiB', {
        hint: 'pipe the output of `kubectl get secret -o json` or one PEM file',
      });
    }
    chunks.push(bytes);
  }
  return { path: standardInput, named: true, bytes: Buffer.concat(chunks) };
}

/** Marks of certificates and keys in a form that Go's tls package does not read. */
const marks: readonly (readonly number[])[] = [
  // Java's key stores, JKS and JCEKS.
  [0xfe, 0xed, 0xfe, 0xed],
  [0xce, 0xce, 0xce, 0xce],
  // PEM in UTF-16, with its byte order mark: `--` in either order of bytes.
  [0xff, 0xfe, 0x2d, 0x00, 0x2d, 0x00],
  [0xfe, 0xff, 0x00, 0x2d, 0x00, 0x2d],
];

/**
 * Whether bytes that are no text hold certificates or keys all the same: DER of a certificate, a key or
 * PKCS#12, a key store of Java, PEM in UTF-16. Such a file counts whatever it is called.
 */
function holdsCredentials(bytes: Uint8Array): boolean {
  return marks.some((mark) => mark.every((byte, index) => bytes[index] === byte)) || isDer(bytes);
}

/** A SEQUENCE that fills the file and begins with a SEQUENCE, as a certificate does, or with a version number. */
function isDer(bytes: Uint8Array): boolean {
  const header = bytes[1] === 0x82 ? 4 : 3;
  if (bytes[0] !== 0x30 || bytes.length !== header + lengthOf(bytes)) return false;
  const inner = bytes[header];
  return inner === 0x30 || (inner === 0x02 && bytes[header + 1] === 1);
}

/** The length that follows a tag, in the one or two bytes that credentials need for it. */
function lengthOf([, form, high = 0, low = 0]: Uint8Array): number {
  if (form === 0x82) return high * 256 + low;
  return form === 0x81 ? high : Number.NaN;
}
