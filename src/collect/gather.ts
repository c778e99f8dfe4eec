import { defined } from '../model/defined.ts';
import { normalize, resolve } from 'node:path';
import { InputError } from '../input-error.ts';
import type { ClientDraft, SettingsDrafts, TextFile } from '../model/draft.ts';
import type { IgnoredFile, NotUnderstood } from '../model/evidence.ts';
import { ignoringPattern } from '../model/ignored.ts';
import type { FileFact } from '../model/files.ts';
import { publicData } from '../model/public-text.ts';
import type { DocumentNode, SettingsSource } from '../model/settings.ts';
import type { FoundFile } from './files/find-files.ts';
import { entriesOf, textOf } from './settings/document.ts';
import {
  asFact,
  factOf,
  type GivenText,
  type ReadFiles,
  readBytes,
  readFiles,
  withoutSettings,
} from './files/read-files.ts';
import { namesSettings } from './files/recognise.ts';
import {
  type HeldFiles,
  type HeldInText,
  mayHoldSecrets,
  readKubernetes,
} from './files/read-kubernetes.ts';
import type { Inventory, PathMap } from '../model/stated-inventory.ts';
import { namesInventory, readInventory } from './inventory/read-inventory.ts';
import { directoryOf, givenPaths, matchFile } from '../deployment/roles/match-files.ts';
import { publicDrafts } from './settings/public-drafts.ts';
import { readSettings, recogniseSettings } from './settings/read-settings.ts';

/** Everything that was read, before anything is concluded from it. */
export interface Material {
  readonly files: readonly FileFact[];
  /** Texts that are no certificates, keys or CRLs. */
  readonly texts: readonly TextFile[];
  /** Directories, and Secrets, of which every file was looked at. */
  readonly directories: readonly string[];
  readonly writeAheadLogs: readonly string[];
  readonly drafts: SettingsDrafts;
  readonly notUnderstood: readonly NotUnderstood[];
  readonly ignored: readonly IgnoredFile[];
  readonly inventory?: Inventory;
  readonly maps: readonly PathMap[];
}

/** Keys of the inventory that hold paths. */
const pathKeys = new Set(['path', 'file', 'settings', 'files', 'directory', 'prefix']);

/** What to read. */
export interface GatherRequest {
  readonly paths: readonly string[];
  readonly inventoryFile?: string;
  readonly maps: readonly PathMap[];
  /** Paths that are known from elsewhere and need not exist here. */
  readonly known?: ReadonlySet<string>;
  /** Among the paths: certificates, CAs and keys, whatever is in them. */
  readonly certificateFiles?: readonly string[];
}

/** Reads everything that the operator named, and everything that the inventory names. */
export async function gather({
  paths,
  inventoryFile,
  maps,
  known = new Set(),
  certificateFiles = [],
}: GatherRequest): Promise<Material> {
  const named = [...paths, ...maps.map(({ directory }) => directory)];
  const all = inventoryFile === undefined ? named : [...named, inventoryFile];
  const read = await readFiles(all);
  const written = await findInventory(read.texts, inventoryFile);
  const inventory = written && asTyped(written, read);
  const more = await readFiles(
    pathsIn(inventory).filter((path) => !known.has(path) && !isCovered(path, named)),
  );

  const ignored: IgnoredFile[] = [];
  const isKept = ({ path }: { readonly path: string }): boolean => {
    const pattern = ignoringPattern(path, inventory?.ignore ?? []);
    if (pattern !== undefined) ignored.push({ path, pattern });
    return pattern === undefined;
  };
  const allTexts = [...read.texts, ...more.texts].filter(
    (text) => text.path !== inventory?.path && isKept(text),
  );
  const secrets = await readSecrets(allTexts);
  const allMaps = [...maps, ...(inventory?.maps ?? [])];
  const found = unique([...read.files, ...more.files, ...secrets.files].filter(isKept));
  const texts = unique(allTexts);
  const others = unique([...read.others, ...more.others]);
  const drafts = await readDrafts(
    texts,
    allMaps,
    found.map(({ path }) => path),
  );
  const publicOnes = publicDrafts(drafts);
  return {
    files: unique([
      ...found,
      ...embeddedFiles(drafts),
      ...namedFiles(drafts, { texts, others, files: found, certificateFiles }, allMaps),
      ...settingsWithoutAny(drafts, texts),
    ]),
    texts,
    directories: directoriesIn([read, more, secrets], ignored),
    writeAheadLogs: logsIn([read, more]),
    drafts: publicOnes,
    notUnderstood: publicOnes.notUnderstood.map(({ malformed: _syntax, ...text }) => text),
    ignored: unique(ignored),
    maps: allMaps,
    ...(inventory !== undefined && { inventory: publicData(inventory, pathKeys) }),
  };
}

/** etcd's files there end so (etcd server/storage/wal Exist). */
function logsIn(read: readonly ReadFiles[]): readonly string[] {
  const paths = read.flatMap(({ files, texts, others }) =>
    [...files, ...texts, ...others].map(({ path }) => path),
  );
  return [...new Set(paths.filter((path) => path.endsWith('.wal')).map(directoryOf))];
}

/** What the inventory leaves out is there all the same. */
function directoriesIn(
  read: readonly Pick<ReadFiles, 'directories'>[],
  ignored: readonly IgnoredFile[],
): readonly string[] {
  const whole = new Set(read.flatMap(({ directories }) => directories));
  for (const { path } of ignored) whole.delete(directoryOf(path));
  return [...whole];
}

async function findInventory(
  texts: readonly GivenText[],
  inventoryFile: string | undefined,
): Promise<Inventory | undefined> {
  const candidates =
    inventoryFile === undefined
      ? texts.filter(({ path, text }) => namesInventory(path) && !isEmpty(text))
      : texts.filter(({ path }) => path === inventoryFile.replace(/^(?:\.\/)+/, ''));
  const [inventory, second] = candidates;
  if (second !== undefined) {
    throw new InputError(
      'INVENTORY_MALFORMED',
      `two inventories: ${inventory?.path} and ${second.path}`,
      {
        hint: 'choose one with --inventory',
      },
    );
  }
  if (inventory !== undefined) return await readInventory(inventory);
  if (inventoryFile === undefined) return undefined;
  throw new InputError('INVENTORY_MALFORMED', `${inventoryFile} is not a text file`, {
    hint: '`etcd-tls-audit init` writes an inventory',
  });
}

/** The same file is known by one path: the one that was typed, however the inventory leads there. */
function asTyped(inventory: Inventory, { files, texts }: ReadFiles): Inventory {
  const typed = new Map([...files, ...texts].map(({ path }) => [resolve(path), path]));
  const known = (path: string): string => typed.get(resolve(path)) ?? path;
  return {
    ...inventory,
    members: inventory.members.map((member) => ({
      ...member,
      settings: member.settings.map(known),
      files: Object.fromEntries(
        Object.entries(member.files).map(([deployed, file]) => [deployed, known(file)]),
      ),
    })),
  };
}

/** `init > etcd-tls.yaml` finds the file that the shell has just made for its output. */
function isEmpty(text: string): boolean {
  return text.trim() === '';
}

/** Settings and certificate files that the inventory points to, and directories that it maps to. */
function pathsIn(inventory: Inventory | undefined): readonly string[] {
  if (inventory === undefined) return [];
  const { members, maps } = inventory;
  return [
    ...members.flatMap(({ settings, files }) => [...settings, ...Object.values(files)]),
    ...maps.map(({ directory }) => directory),
  ];
}

function isCovered(path: string, named: readonly string[]): boolean {
  return named.some((above) => {
    const directory = above.replace(/^\.\/|(?<!\/)\/+$/g, '');
    if (directory === '.' || directory === '')
      return !path.startsWith('/') && !path.startsWith('..');
    return path === directory || path.startsWith(`${directory}/`);
  });
}

interface Secrets {
  readonly files: readonly FileFact[];
  /** Those that have no other keys. */
  readonly directories: readonly string[];
}

async function readSecrets(texts: readonly GivenText[]): Promise<Secrets> {
  const read: HeldInText[] = [];
  for (const text of texts.filter(mayHoldSecrets)) read.push(await readKubernetes(text));
  const holders = read.flatMap((each) => each.holders);
  const filled = new Set(read.flatMap((each) => each.filled));
  const isOpen = ({ directory, isWhole, isLive }: HeldFiles): boolean =>
    !isWhole || (!isLive && filled.has(directory));
  const open = new Set(holders.filter(isOpen).map(({ directory }) => directory));
  return {
    files: holders.flatMap(({ files }) => files).flatMap((each) => readBytes(each).file ?? []),
    directories: holders.map(({ directory }) => directory).filter((each) => !open.has(each)),
  };
}

/** The first of those with the same path: a directory may be named twice, a Secret exported twice. */
function unique<Item extends { readonly path: string }>(items: readonly Item[]): readonly Item[] {
  const byPath = new Map<string, Item>();
  for (const item of items) if (!byPath.has(item.path)) byPath.set(item.path, item);
  return [...byPath.values()];
}

async function readDrafts(
  texts: readonly GivenText[],
  maps: readonly PathMap[],
  files: readonly string[],
): Promise<SettingsDrafts> {
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const given = givenPaths([...byPath.keys()], maps);
  const drafts = await readSettings(texts, {
    find: (deployed, from, as) => {
      const { file = '', by } = matchFile(deployed, given, { from });
      const isNamesake = as === 'program' && by !== undefined && !`/${file}`.endsWith(deployed);
      return isNamesake ? undefined : byPath.get(file);
    },
    paths: [...byPath.keys()],
    files,
  });
  const problem = drafts.notUnderstood.find(
    ({ path, malformed }) => malformed === true && byPath.get(path)?.content.named === true,
  );
  if (problem === undefined) return drafts;
  const { path, line, reason } = problem;
  const place = line === undefined ? path : `${path}:${line}`;
  throw new InputError('SETTINGS_MALFORMED', `${place}: ${reason}`, {
    hint: 'fix the file, or omit it',
  });
}

/** Files named like settings that hold none: skipped silently, they would seem to have been read. */
function settingsWithoutAny(
  drafts: SettingsDrafts,
  texts: readonly GivenText[],
): readonly FileFact[] {
  const { members, notUnderstood } = drafts;
  const listed = notUnderstood.map(({ path }) => path);
  const told = new Set([...members.flatMap(({ files }) => files), ...listed]);
  return texts
    .filter((file) => namesSettings(file.path) && !told.has(file.path))
    .filter((file) => recogniseSettings(file) === undefined && saysSomething(file))
    .map(({ content }) => withoutSettings(content));
}

/** More than blank lines, comments and headings of sections. */
function saysSomething({ text }: GivenText): boolean {
  return text.split(/\r?\n/).some((line) => !/^\s*(?:[#;].*|\[[^\]]*\]\s*)?$/.test(line));
}

function embeddedFiles({ clients, embedded }: SettingsDrafts): readonly FileFact[] {
  return [...embedded, ...clients.flatMap((client) => client.embedded)].map(({ path, text }) =>
    asFact({ path, bytes: Buffer.from(text) }),
  );
}

interface Given {
  readonly texts: readonly GivenText[];
  readonly others: readonly FoundFile[];
  readonly files: readonly FileFact[];
  readonly certificateFiles: readonly string[];
}

/** A file that settings or options use as a certificate is one, even when nothing in it looks like it. */
function namedFiles(
  { members, clients }: SettingsDrafts,
  { texts, others, files, certificateFiles }: Given,
  maps: readonly PathMap[],
): readonly FileFact[] {
  const used = new Set(members.flatMap((member) => member.files));
  const facts = new Map([
    ...texts
      .filter(({ path }) => !used.has(path))
      .map(({ path, content }) => [path, () => asFact(content)] as const),
    ...others.map((other) => [other.path, () => factOf(other)] as const),
  ]);
  const given = givenPaths([...facts.keys(), ...files.map(({ path }) => path)], maps);
  const named = [
    ...members.map((member) => ({ view: member, paths: member.sources.flatMap(pathsOfTls) })),
    ...clients.map((client) => ({
      view: { ...client.process, origin: client.origin, mounts: client.mounts },
      paths: pathsOfClient(client),
    })),
  ].flatMap(({ view: { origin, mounts, directory }, paths }) =>
    paths.map((path) =>
      matchFile(path, given, { mounts, from: origin.file, ...defined({ directory }) }),
    ),
  );
  const found = new Set([
    ...named.flatMap(({ file, by }) => (by === undefined ? (file ?? []) : [])),
    ...certificateFiles.map((path) => normalize(path)),
  ]);
  return [...found].flatMap((path) => facts.get(path)?.() ?? []);
}

const ofTls = /(?:cert|key|ca|crl)[-_]file$/i;

function pathsOfClient({ caFile, certFile, keyFile }: ClientDraft): readonly string[] {
  return [caFile, certFile, keyFile].flatMap((setting) => setting?.value ?? []);
}

function pathsOfTls(source: SettingsSource): readonly string[] {
  switch (source.kind) {
    case 'environment':
      return source.variables.filter(({ name }) => ofTls.test(name)).map(({ value }) => value);
    case 'flags':
      return source.arguments.flatMap(({ text }, index, all) => {
        const [flag = '', value = all[index + 1]?.text ?? ''] = text.split(/=(.*)/s);
        return ofTls.test(flag) ? [value] : [];
      });
    case 'config-file':
      return pathsInDocument(source.document);
    case 'assumed':
      return [];
  }
}

function pathsInDocument(node: DocumentNode | undefined): readonly string[] {
  return entriesOf(node).flatMap(({ key, value }) =>
    ofTls.test(key) ? (textOf(value) ?? []) : pathsInDocument(value),
  );
}
