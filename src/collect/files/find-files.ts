import {
  type Dirent,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { InputError, namedPath } from '../../input-error.ts';
import { cannotRead } from './cannot-read.ts';
import { whyUnreadable } from './system-words.ts';
import { type Unreadable } from '../../model/files.ts';

/** A file that was found, before it is opened. */
export interface FoundFile {
  /** As the operator would type it. */
  readonly path: string;
  /** Whether the operator named the file itself, rather than a directory above it. */
  readonly named: boolean;
  readonly size: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkTarget?: string;
  /** Where the content is, for an absolute link in a copy of a host's files. */
  readonly content?: string;
  /** Set when the file cannot even be looked at. */
  readonly unreadable?: Unreadable;
}

/** Deeper than any certificate directory that was seen in the field. */
const deepest = 12;

/** Behind one link that leaves what was named: more than a directory of certificates has, less than a file system. */
const mostBehindLink = 1000;

/** Pipes, sockets and devices: reading one may never end. */
const notRegular: Unreadable = { kind: 'not-regular', text: 'not a regular file' };

const skippedDirectories = new Set(['node_modules', '.git']);

/**
 * All files under the given paths, each once, in order of their paths.
 *
 * A path that does not exist is the operator's mistake and throws; other problems are reported
 * by file. Links are followed, and no directory is entered twice. Synchronous: for small files that is
 * several times as fast as Node's pool of threads.
 */
export function findFiles(paths: readonly string[]): Found {
  const walk: Walk = { found: new Map(), entered: new Set(), listed: [] };
  for (const path of paths) {
    visitNamed(namedPath(path), walk);
  }
  const files = [...walk.found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { files, directories: walk.listed };
}

export interface Found {
  readonly files: readonly FoundFile[];
  /** Directories of which every entry was seen. */
  readonly directories: readonly string[];
}

interface Walk {
  readonly found: Map<string, FoundFile>;
  /** Device and inode of every directory entered. */
  readonly entered: Set<string>;
  readonly listed: string[];
}

function visitNamed(typed: string, walk: Walk): void {
  const path = normalize(typed).replace(/(?<=.)\/$/, '');
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) enter(path, stats, { ...walk, depth: 0, named: true, root: path });
    else if (stats.isFile() || stats.isFIFO()) {
      walk.found.set(path, describe(path, stats, { named: true, linkTarget: linkOf(path) }));
    } else throw new InputError('FILE_UNREADABLE', `${path} is a device`, { hint: 'name a file' });
  } catch (error) {
    throw cannotRead(typed, error);
  }
}

interface Descent extends Walk {
  /** The directory that was named. */
  readonly root: string;
  readonly depth: number;
  readonly named: boolean;
  /** The link by which the walk left the directory that was named, and how many entries may still be looked at. */
  readonly behindLink?: { readonly path: string; left: number };
}

function enter(directory: string, stats: Stats, descent: Descent): void {
  const identity = `${stats.dev}:${stats.ino}`;
  if (descent.entered.has(identity)) return;
  if (descent.depth > deepest) {
    const text = `more than ${deepest} directories deep, so its files were not read`;
    const unreadable = { kind: 'too-deep', text } as const;
    descent.found.set(directory, { path: directory, named: false, size: 0, unreadable });
    return;
  }
  descent.entered.add(identity);

  for (const entry of entriesOf(directory, descent)) {
    // Kubernetes keeps what a mounted Secret was and is in directories that begin so, next to links to them.
    if (skippedDirectories.has(entry.name) || entry.name.startsWith('..')) continue;
    if (isExhausted(descent)) {
      descent.listed.splice(descent.listed.lastIndexOf(directory), 1);
      return;
    }
    visit(join(directory, entry.name), entry, descent);
  }
}

/** A link to `/` would make every file of the host a part of the set. */
function isExhausted({ behindLink, found }: Descent): boolean {
  if (behindLink === undefined) return false;
  behindLink.left -= 1;
  if (behindLink.left >= 0) return false;
  const { path } = behindLink;
  const text = `the link leads to more than ${mostBehindLink} files, so the others were not read`;
  found.set(path, { path, named: false, size: 0, unreadable: { kind: 'too-deep', text } });
  return true;
}

/** Undefined for a link that stays in the directory that was named, whose files are part of it anyway. */
function leaving(path: string, { root, behindLink }: Descent): Descent['behindLink'] {
  if (behindLink !== undefined) return behindLink;
  const inside = `${realpathSync(root)}/`;
  return `${realpathSync(path)}/`.startsWith(inside) ? undefined : { path, left: mostBehindLink };
}

/** A directory that may not be listed is one unreadable thing among others, unless it was named. */
function entriesOf(directory: string, { named, found, listed }: Descent): readonly Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    listed.push(directory);
    return entries;
  } catch (error) {
    if (named) throw error;
    found.set(directory, {
      path: directory,
      named: false,
      size: 0,
      unreadable: whyUnreadable(error),
    });
    return [];
  }
}

function visit(path: string, entry: Dirent, descent: Descent): void {
  const linkTarget = entry.isSymbolicLink() ? linkOf(path) : undefined;
  const content = contentInCopy(path, linkTarget, descent.root);
  if (content === undefined) visitOnHost(path, linkTarget, descent);
  else visitInCopy(path, content, descent);
}

function visitOnHost(path: string, linkTarget: string | undefined, descent: Descent): void {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      const behindLink = linkTarget === undefined ? descent.behindLink : leaving(path, descent);
      enter(path, stats, {
        ...descent,
        depth: descent.depth + 1,
        named: false,
        ...(behindLink !== undefined && { behindLink }),
      });
    } else if (!descent.found.has(path)) {
      const found = describe(path, stats, { named: false, linkTarget });
      descent.found.set(path, stats.isFile() ? found : { ...found, unreadable: notRegular });
    }
  } catch (error) {
    const kept = linkTarget === undefined ? {} : { linkTarget };
    const unreadable = whyLinkFails(path, linkTarget) ?? whyUnreadable(error);
    descent.found.set(path, { path, named: false, size: 0, unreadable, ...kept });
  }
}

/** A host keeps its settings in these directories; a copy of them is elsewhere. */
const ofHost = /^\/(?:etc|opt|run|srv|usr|var)\//;

function whyLinkFails(path: string, linkTarget = ''): Unreadable | undefined {
  if (!isAbsolute(linkTarget) || ofHost.test(resolve(path))) return undefined;
  return { kind: 'outside', text: `the link leads to ${linkTarget}, which was not given` };
}

interface LinkInCopy {
  readonly linkTarget: string;
  readonly content: string;
}

/** Links that lead to links; as many as Linux follows. */
const mostLinks = 40;

/**
 * Where an absolute link leads within the directory that was given: a copy of a host's files keeps the links
 * of the host. The nearest directory above the link in which the target exists counts as the host's root.
 */
function contentInCopy(link: string, first = '', root = ''): LinkInCopy | undefined {
  if (!isAbsolute(first)) return undefined;
  let path = link;
  for (let count = 0; count <= mostLinks; count += 1) {
    const target = linkOf(path);
    if (target === undefined)
      return path === first ? undefined : { linkTarget: first, content: path };
    const next = isAbsolute(target)
      ? directoriesAbove(path, root)
          .map((directory) => join(directory, target))
          .find((candidate) => lstatSync(candidate, { throwIfNoEntry: false }) !== undefined)
      : join(dirname(path), target);
    if (next === undefined) return undefined;
    path = next;
  }
  return undefined;
}

/** From the directory of a file up to the one that was named. */
function directoriesAbove(path: string, root: string): readonly string[] {
  const directories: string[] = [];
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    directories.push(directory);
    if (directory === root || directory === dirname(directory)) return directories;
  }
}

function visitInCopy(path: string, { linkTarget, content }: LinkInCopy, { found }: Descent): void {
  try {
    const stats = statSync(content);
    // What is in a directory is found where it is.
    if (stats.isDirectory() || found.has(path)) return;
    const file = { ...describe(path, stats, { named: false, linkTarget }), content };
    found.set(path, stats.isFile() ? file : { ...file, unreadable: notRegular });
  } catch (error) {
    found.set(path, { path, named: false, size: 0, unreadable: whyUnreadable(error), linkTarget });
  }
}

function linkOf(path: string): string | undefined {
  const own = lstatSync(path, { throwIfNoEntry: false });
  return own?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

function describe(
  path: string,
  { size, mode, uid, gid }: Stats,
  { named, linkTarget }: { readonly named: boolean; readonly linkTarget: string | undefined },
): FoundFile {
  return {
    path,
    named,
    size,
    mode: mode & 0o7777,
    uid,
    gid,
    ...(linkTarget !== undefined && { linkTarget }),
  };
}
