import type {
  MemberDraft,
  Mount,
  SettingsKind,
  StartedProcess,
  UnreadText,
} from '../../model/draft.ts';
import { defined } from '../../model/defined.ts';
import { directoryInImage, releaseInImage } from '../../etcd/images.ts';
import type { EnvironmentVariable, LocatedText, Setting } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import type { CommandLine, Started, Starts } from './starts.ts';
import { startedBy } from './started.ts';
import { mayHideClient, mentionsIn } from './mentions.ts';
import { withPreparedFiles, writtenWithin } from './prepared-files.ts';
import type { StartingObject } from './patches.ts';
import { directoryNamed } from './target-paths.ts';
import { isEtcd, isOfInitScripts, isOfInterest, isServer, principal } from './programs.ts';
import { changesAccess, withTakenAccess } from './taken-access.ts';
import { unreadAt } from './unread-at.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { ShellVariable } from './shell/run.ts';

/** One program that a settings file starts, whatever kind of file it is. */
export interface Process extends Pick<
  MemberDraft,
  | 'kind'
  | 'origin'
  | 'files'
  | 'mounts'
  | 'addresses'
  | 'hostnames'
  | 'partial'
  | 'missingFiles'
  | 'network'
  | 'runs'
  | 'bareProbes'
  | 'unseenPrograms'
  | 'untried'
> {
  /** Of the missing files and objects those that need not exist. */
  readonly optionalFiles?: readonly string[];
  /** What the file calls it: a unit, a container, a service. */
  readonly label?: string;
  /** What it is called as a client, where it is a probe or a hook of another process. */
  readonly asClient?: string;
  /** Where a command runs apart from a process, as far as that says what its loopback leads to. */
  readonly place?: 'container of etcd' | 'unit of etcd' | 'another container';
  /** The program's name without its directory; absent where a file holds variables alone. */
  readonly program?: string;
  /** The command line after the program. */
  readonly words: readonly LocatedText[];
  /** In order, so that the last of equal names counts. */
  readonly variables: readonly ShellVariable[];
  readonly image?: LocatedText;
  /** The object that it is a pod of, which patches may change. */
  readonly object?: StartingObject;
  /** Set for a process in a container, which sees nothing of the host but its mounts. */
  readonly contained?: boolean;
  /** Set for a command in a container that runs already, whose image is said elsewhere. */
  readonly entered?: true;
  /** The paths of mounts at which it can write nothing. */
  readonly readOnly?: readonly string[];
  /** What says that it can write nothing outside its mounts. */
  readonly rootIsReadOnly?: Location;
  /** Set for what ends when its work is done: a oneshot unit, a job of cron. */
  readonly isTask?: true;
  /** The directory that it starts in, where that is stated. */
  readonly directory?: string;
  /** What a unit says of the process itself: `User`, `ProtectHome`… */
  readonly directives?: readonly EnvironmentVariable[];
  readonly problems: Problems;
  /** Commands of its command line that change who may read files. */
  readonly accessChanges?: readonly Started[];
  /** How the command line ends that it is part of. */
  readonly ending?: Starts['ending'];
  /** What scripts on the way do that was not followed. */
  readonly doubts: readonly UnreadText[];
  /** Where a template decides which settings of its files count. */
  readonly template?: string;
}

/** Files that were not given, and may set something of a process. */
export function missingFiles({ missingFiles: all }: Process): readonly string[] {
  return all.filter((path) => !isOfInitScripts(path));
}

/** Those of them without which it does not start. */
export function neededFiles(process: Process): readonly string[] {
  const optional = new Set(process.optionalFiles);
  return missingFiles(process).filter((path) => !optional.has(path));
}

/** A process of which only the place is known. */
export function emptyProcess(kind: SettingsKind, origin: Location): Process {
  return {
    kind,
    origin,
    files: [origin.file],
    words: [],
    variables: [],
    mounts: [] satisfies readonly Mount[],
    addresses: [],
    hostnames: [],
    partial: false,
    missingFiles: [],
    problems: [],
    doubts: [],
  };
}

/**
 * The processes that a command line comes to: one for each program that has to do with etcd, else the
 * last. A container that is given flags alone runs the program that its image is named after.
 */
export function processesOf(given: Process, line: CommandLine): readonly Process[] {
  const base = inDirectoryOfImage(given);
  const starts = startedBy({ directory: base.directory, ...line });
  const { started, unfollowed, scripts } = starts;
  const prepared = { ...withPreparedFiles(base, [starts]), ...accessChangesIn(started) };
  const processes = principal(started).map((each) => ({
    ...withTakenAccess(processOf(prepared, each), [starts]),
    ending: starts.ending,
  }));
  const isSeen = started.some(isOfInterest);
  const unreached = neverStarted(base, line, starts);
  if (unreached.length > 0) return [...processes.filter(isOfInterest), ...unreached];
  if (!isSeen && scripts.length > 0 && (started.length === 0 || starts.ending() === 'fails')) {
    return [...processes, endedEarly(prepared, starts)];
  }
  const isOpen = scripts.some(
    (text) => mayHideClient(text) || (!isSeen && mentionsIn(text).length > 0),
  );
  if (!isOpen || unfollowed.length === 0) return processes;
  return [...processes, { ...base, program: 'sh', doubts: [...base.doubts, ...unfollowed] }];
}

function inDirectoryOfImage(process: Process): Process {
  const { directory, contained, image } = process;
  if (directory !== undefined || contained !== true) return process;
  return { ...process, ...defined({ directory: directoryInImage(image?.text) }) };
}

function accessChangesIn(started: readonly Started[]): Pick<Process, 'accessChanges'> {
  const accessChanges = started.filter(changesAccess);
  return accessChanges.length === 0 ? {} : { accessChanges };
}

/** Servers that a script has after its own end. */
function neverStarted(
  base: Process,
  line: CommandLine,
  { started, scripts, ending }: Starts,
): readonly Process[] {
  if (line.readsOn !== undefined || scripts.length === 0 || started.some(isServer)) return [];
  if (!/^(?:fails|succeeds)$/.test(ending())) return [];
  // Where nothing says that the script always fails, another program may be what starts etcd.
  const readsOn = ending() === 'fails' ? 'everything' : 'after-exit';
  return processesOf(base, { ...line, readsOn })
    .filter(isServer)
    .map((process) => ({ ...process, ending: () => 'fails' as const }));
}

/** What is after the end of a script, and starts nothing that is known. */
function endedEarly(base: Process, { scripts, ending }: Starts): Process {
  const { file, line } = base.origin;
  const image = programOfImage(base.image?.text) ?? '';
  const isOfEtcd = isEtcd(image) || scripts.some((text) => /\betcd\b/.test(text));
  const reason = 'the script always ends with an error, and what follows in it is not read';
  const doubts = isOfEtcd && ending() === 'fails' ? [unreadAt(file, line, reason)] : [];
  return { ...base, program: 'sh', ending, doubts: [...base.doubts, ...doubts] };
}

/** The process of a program that was found. */
export function processOf(base: Process, started: Started): Process {
  const program = started.program ?? programOfImage(base.image?.text);
  const { read, missing, doubts, directory } = started;
  const { directory: _before, ...rest } = base;
  const { directives } = runsAs(started.user);
  return {
    ...rest,
    ...defined({ directory }),
    ...(directives && { directives: [...withoutUser(base.directives), ...directives] }),
    ...(started.root && { mounts: mountsBelow(started.root.text, base) }),
    ...(program !== undefined && { program }),
    words: started.words,
    variables: started.variables,
    files: extended(base.files, read),
    partial: base.partial || missing.length > 0,
    missingFiles: extended(base.missingFiles, missing),
    doubts: extended(base.doubts, doubts),
    problems: extended(base.problems, started.problems ?? []),
  };
}

/** What a process sees whose root is a directory. */
function mountsBelow(directory: string, { mounts }: Process): readonly Mount[] {
  const root: Mount = { inside: '', from: 'host', source: directory.replace(/\/+$/, '') };
  return [root, ...writtenWithin([root], mounts)];
}

/** Each once. A unit of many files has many commands, most of which add nothing to what they share. */
function extended<Item>(shared: readonly Item[], more: readonly Item[]): readonly Item[] {
  return more.length === 0 ? shared : [...new Set([...shared, ...more])];
}

/** What the settings say of a process itself: under which account it runs, and in what container. */
export function startedAs(process: Process): StartedProcess {
  const { kind, partial, directives, contained, entered } = process;
  const directory = directoryNamed(process.directory ?? '', undefined);
  const image = process.image?.text;
  return {
    kind,
    partial,
    ...(directives !== undefined && directives.length > 0 && { directives }),
    ...defined({ directory }),
    // An image that is built here holds what it is built with.
    ...(contained === true &&
      kind !== 'dockerfile' && {
        container: { ...(image !== undefined && { image }), ...defined({ entered }) },
      }),
  };
}

/** The release of etcd that the image of a process holds. */
export function releaseOfImage({ image }: Pick<Process, 'image'>): {
  etcdVersion?: Setting<string>;
} {
  const value = releaseInImage(image?.text ?? '');
  if (value === undefined) return {};
  const location = image?.location;
  return {
    etcdVersion: { value, origin: { via: 'config-file', name: 'image', ...defined({ location }) } },
  };
}

/** What is said of the user that a process runs as. */
export function runsAs(user: LocatedText | undefined): Pick<Process, 'directives'> {
  const directives = userOf(user);
  return directives.length === 0 ? {} : { directives };
}

/** `USER[:GROUP]`, as containers and wrappers take it. */
export function userOf(written: LocatedText | undefined): readonly EnvironmentVariable[] {
  const [user = '', group = ''] = written?.text.split(':') ?? [];
  const location = written?.location;
  const place = location === undefined ? {} : { location };
  return [
    ...(user === '' ? [] : [{ name: 'User', value: user, ...place }]),
    ...(group === '' ? [] : [{ name: 'Group', value: group, ...place }]),
  ];
}

/** A group in addition to the user's own. */
export function supplementary({ text, location }: LocatedText): EnvironmentVariable {
  return { name: 'SupplementaryGroups', value: text, ...(location && { location }) };
}

/** What is left to a container's root of the capability to read any file, in systemd's words. */
export function boundingSet(
  dropped: readonly LocatedText[],
  added: readonly string[],
): readonly EnvironmentVariable[] {
  const reads = /^(?:CAP_)?(?:ALL|DAC_OVERRIDE|DAC_READ_SEARCH)$/i;
  const lost = dropped.find(({ text }) => /^(?:CAP_)?(?:ALL|DAC_OVERRIDE)$/i.test(text));
  if (lost === undefined || added.some((name) => reads.test(name))) return [];
  const place = lost.location === undefined ? {} : { location: lost.location };
  // CAP_DAC_READ_SEARCH is not among what containers have by default.
  return [
    { name: 'CapabilityBoundingSet', value: '~CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH', ...place },
  ];
}

/** A wrapper such as `sudo -u` replaces the user, and what comes with it. */
function withoutUser(directives: Process['directives'] = []) {
  return directives.filter(
    ({ name }) => !/^(?:User|Group|SupplementaryGroups|DynamicUser)$/.test(name),
  );
}

/** `quay.io/coreos/etcd:v3.5.21` runs etcd, and so does `rancher/mirrored-coreos-etcd`. */
export function programOfImage(image: string | undefined): string | undefined {
  const [last = ''] = image?.split('/').slice(-1) ?? [];
  const name = /^[^:@]+/.exec(last)?.[0];
  return name?.endsWith('-etcd') === true ? 'etcd' : name;
}

/** The last value of a variable; undefined when it is not set or empty. */
export function variableOf(
  { variables }: Pick<Process, 'variables'>,
  name: string,
): EnvironmentVariable | undefined {
  const variable = variables.findLast((candidate) => candidate.name === name);
  return variable?.value === '' ? undefined : variable;
}
