import { posix } from 'node:path';
import { goSectionNames } from '../../etcd/config-keys.ts';
import { readMemberName } from '../../etcd/read-member-settings.ts';
import { isTlsInfoNotJudged } from '../../etcd/tls-info-fields.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import { isByHand } from '../../model/by-hand.ts';
import type { MemberDraft, TextFile, UnreadText } from '../../model/draft.ts';
import type { SettingsSource } from '../../model/settings.ts';
import { enumerate } from '../../model/words.ts';
import { filesInside, isNowhere } from './container-files.ts';
import { unwritableDirectories } from './data-directory.ts';
import { entriesOf, isUnset } from './document.ts';
import { withStartedMember } from './bootstrap.ts';
import {
  emptyProcess,
  missingFiles,
  neededFiles,
  type Process,
  releaseOfImage,
  startedAs,
  variableOf,
} from './process.ts';
import { withRequirement } from './before-start.ts';
import { settle } from './unresolved.ts';
import { statesListeners, supposedUnseen } from './unseen-settings.ts';
import type { SettingsContext } from './settings-context.ts';
import { readYaml } from './yaml.ts';
import { unreadAt, variablesNotGiven } from './unread-at.ts';

/** Makes a member of a process, with the configuration file that it names where that was given. */
export async function memberDraft(
  process: Process,
  context: SettingsContext,
): Promise<DraftedMember> {
  const config = await readConfig(process, context);
  const written: readonly SettingsSource[] = [
    { kind: 'flags', arguments: process.words },
    { kind: 'environment', variables: process.variables },
    ...config.sources,
  ];
  const { sources, open: unsettled, unseen } = settle(written, process.origin);
  const version = etcdVersion(supposedVersion);
  const unwritable = unwritableDirectories(process, sources, version);
  const open = [
    ...process.doubts,
    ...unsettled.map((each) => withMissing(each, process)),
    ...config.open,
    ...unwritable,
    ...unseenProfiles(process),
  ];
  const missing = [...process.missingFiles, ...config.missing];
  const { optionalFiles = [], template = [] } = process;
  const notHere = [...unseen, ...neededFiles(process), ...missingObjects(process), template].flat();
  const member = {
    ...common(process),
    sources: withStartedMember([...sources, ...supposedUnseen(sources, notHere)]),
    files: [...process.files, ...config.read],
    ...nameIn(sources),
    ...releaseOfImage(process),
    partial: process.partial || config.missing.length > 0 || open.length > 0,
    missingFiles: missing,
    ...(optionalFiles.length > 0 && { optional: [...new Set(optionalFiles)] }),
  };
  const configElsewhere = config.missing.filter((path) => !isNowhere(process, path));
  const elsewhere = [...unseen, ...process.missingFiles, ...configElsewhere];
  const isUnseen = elsewhere.length > 0 && !statesListeners(sources);
  const isCut = unseen.length > 0;
  const isWritten = (other: MemberDraft) => isStartOf(other, member, isCut);
  const seen = { member, ...(member.kind === processList && { isWritten }) };
  if (!isUnseen) return { ...seen, open };
  return { ...seen, open: open.length > 0 ? open : notGiven(member), isUnseen };
}

/** What is left to fill in may be set by a file that was not given. */
function withMissing(open: UnreadText, process: Process): UnreadText {
  const files = missingFiles(process);
  return files.length === 0 || open.give !== undefined
    ? open
    : { ...open, give: `give ${enumerate(files)} as well` };
}

/** Profiles of login shells may set anything, and a variable next to its flag ends etcd. */
function unseenProfiles(process: Process): readonly UnreadText[] {
  const files = neededFiles(process).filter((path) => profile.test(path));
  return files.length === 0 ? [] : [variablesNotGiven('etcd', process.origin, files)];
}

const profile = /^\/etc\/profile$|\/\.(?:bash_)?(?:profile|login)$/;

/** ConfigMaps and Secrets whose entries are all variables of the process. */
function missingObjects({ problems }: Process): readonly string[] {
  return problems.flatMap(({ why, values }) =>
    why === 'object-not-given' ? (values?.object ?? []) : [],
  );
}

/** The kind of a process that was seen to run. */
export const processList = 'process-list';

/**
 * Whether a process that was seen is what other settings start: a member with this name and these arguments, or one
 * whose arguments begin with what is left of a line that is cut off.
 */
function isStartOf(other: MemberDraft, seen: MemberDraft, isCut: boolean): boolean {
  if (other.kind === processList) return false;
  const [own, others] = [argumentsOf(seen), argumentsOf(other)];
  const begins = own.every((word, index) => word === others[index]);
  if (isCut) return begins && (own.length > 0 || others.length === 0);
  return begins && own.length === others.length && own.some((word) => /^--?name(?:=|$)/.test(word));
}

/** The arguments of etcd that are stated. */
export function argumentsOf({ sources }: MemberDraft): readonly string[] {
  return sources.flatMap((source) =>
    source.kind === 'flags' ? source.arguments.map(({ text }) => text) : [],
  );
}

function notGiven({
  missingFiles: files,
  origin: { file, line },
}: Pick<MemberDraft, 'missingFiles' | 'origin'>): readonly UnreadText[] {
  const missing = enumerate(files);
  const reason = `the settings of etcd are not here, and ${missing} was not given`;
  return [unreadAt(file, line, reason, `give ${missing} as well`)];
}

/** A member, and those of its settings that something else fills in. */
export interface DraftedMember {
  readonly member: MemberDraft;
  readonly open: readonly UnreadText[];
  /** Set where all that would say how it listens is in arguments or files that were not given. */
  readonly isUnseen?: true;
  /** Set where a tool writes down what it starts: whether that is another process as it was written. */
  readonly isWritten?: (other: MemberDraft) => boolean;
}

function common(process: Process) {
  const { origin, mounts, addresses, hostnames, network, bareProbes, runs } = process;
  const { unseenPrograms } = process;
  const { problems, untried = [] } = withScript(process);
  const { partial: _partial, ...started } = startedAs(process);
  return {
    ...started,
    origin,
    mounts,
    addresses,
    hostnames,
    problems,
    ...(runs !== undefined && { runs }),
    ...(network !== undefined && { network }),
    ...(bareProbes !== undefined && { bareProbes }),
    ...(unseenPrograms !== undefined && { unseenPrograms }),
    ...(untried.length > 0 && { untried }),
  };
}

/** A process with what its own start script requires. */
function withScript(process: Process): Pick<Process, 'problems' | 'untried'> {
  const { ending, origin, label } = process;
  const script = {
    name: 'the start script',
    of: label ?? 'etcd',
    location: origin,
    ending: ending?.() ?? 'succeeds',
    why: 'script-fails' as const,
  };
  return withRequirement(process, script);
}

function nameIn(sources: readonly SettingsSource[]): { name?: string } {
  const name = readMemberName(sources, etcdVersion(supposedVersion));
  return name === undefined ? {} : { name: name.value };
}

function configFileOf(process: Process): string | undefined {
  const texts = process.words.map(({ text }) => text);
  const attached = texts.findLast((text) => /^--?config-file=/.test(text));
  if (attached !== undefined) return attached.slice(attached.indexOf('=') + 1);

  const index = texts.findLastIndex((text) => /^--?config-file$/.test(text));
  return index < 0 ? variableOf(process, 'ETCD_CONFIG_FILE')?.value : texts[index + 1];
}

interface Config {
  readonly sources: readonly SettingsSource[];
  readonly read: readonly string[];
  readonly missing: readonly string[];
  readonly open: readonly UnreadText[];
}

async function readConfig(process: Process, context: SettingsContext): Promise<Config> {
  const path = configFileOf(process);
  if (path === undefined) return { sources: [], read: [], missing: [], open: [] };

  const place = inDirectory(path, process);
  const file = filesInside(process, context)(place);
  if (file === undefined) {
    return { sources: [{ kind: 'config-file', path }], read: [], missing: [place], open: [] };
  }
  const source = await configSource(path, file);
  const template = unfilled(source, file);
  const isFilled = template.length === 0;
  return {
    sources: [isFilled ? source : { kind: 'config-file', path }],
    read: [file.path],
    missing: isFilled ? [] : [place],
    open: [...template, ...notJudgedIn(source), ...notSurelyAt(path, process)],
  };
}

function inDirectory(path: string, { directory }: Process): string {
  return directory === undefined || path.startsWith('/') ? path : posix.join(directory, path);
}

/** The process may start in another directory than the one of the configuration file that was found by its name. */
function notSurelyAt(path: string, process: Process): readonly UnreadText[] {
  const { directory, kind, contained = false, origin } = process;
  const isWhereItStarts =
    directory === undefined ? isByHand(kind) && !contained : directory !== '/';
  if (path.startsWith('/') || isWhereItStarts) return [];
  const reason =
    directory === '/'
      ? `the process starts in /, so the configuration file ${path} is ${posix.join('/', path)}`
      : `the directory that the process starts in is not known, so it is not known where the configuration file ${path} is`;
  const give = 'write its absolute path, or set the working directory of the process';
  return [unreadAt(origin.file, origin.line, reason, give)];
}

/** A template need not be YAML before it is filled in. */
function unfilled(source: SettingsSource, { path, text }: TextFile): readonly UnreadText[] {
  const isBroken = source.kind === 'config-file' && source.unreadable !== undefined;
  const index = text.split('\n').findIndex((line) => /^(?!\s*#).*(?:\{\{|\{%|<%)/.test(line));
  if (!isBroken || index < 0) return [];
  const reason = 'a template, which is not valid YAML before it is filled in';
  return [{ path, line: index + 1, reason }];
}

/** Fields of Go's own structures that change the TLS of etcd in a way that is not judged. */
function notJudgedIn(source: SettingsSource): readonly UnreadText[] {
  const document = source.kind === 'config-file' ? source.document : undefined;
  return entriesOf(document).flatMap(({ key, value }) => {
    if (goSectionNames[key.toLowerCase()] === undefined) return [];
    return entriesOf(value).flatMap(({ key: field, value: set, location: { file, line } }) => {
      if (!isTlsInfoNotJudged(field) || isUnset(set)) return [];
      const reason = `${key}.${field} changes the TLS of etcd, and what comes of it is not judged`;
      return [unreadAt(file, line, reason)];
    });
  });
}

/** A configuration file that no process names makes a member of its own. */
export async function configAlone(file: TextFile): Promise<DraftedMember> {
  const origin = { file: file.path };
  const { member } = await memberDraft(emptyProcess('etcd-config', origin), {
    find: () => undefined,
  });
  const source = await configSource(file.path, file);
  const template = unfilled(source, file);
  if (template.length > 0) {
    return { member: { ...member, files: [file.path] }, open: template, isUnseen: true };
  }
  const { sources, open: unsettled } = settle([source], origin);
  const open = [...unsettled, ...notJudgedIn(source)];
  return {
    member: {
      ...member,
      ...nameIn(sources),
      sources: withStartedMember(sources),
      partial: open.length > 0,
    },
    open,
  };
}

/** Reads etcd's configuration file in the dialect of YAML that etcd itself reads. */
export async function configSource(
  path: string,
  file: { readonly path: string; readonly text: string },
): Promise<SettingsSource> {
  const read = await readYaml(file, '1.1');
  if (!read.ok) {
    const { error, location } = read;
    return { kind: 'config-file', path, unreadable: { error, location } };
  }
  const [document] = read.documents;
  const empty = { kind: 'scalar', value: null, location: { file: file.path } } as const;
  return { kind: 'config-file', path, document: document ?? empty };
}
