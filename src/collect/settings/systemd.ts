import { wordSet } from '../../model/table.ts';
import { defined } from '../../model/defined.ts';
import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { isMember } from './is-member.ts';
import { preparedPaths, withPreparedFiles } from './prepared-files.ts';
import { emptyProcess, type Process, processesOf } from './process.ts';
import { credentialsDirectory, mountsOfSandbox } from './sandbox.ts';
import { type Requirement, withRequirements } from './before-start.ts';
import { withHookRuns, type Command, portsIn, runsOfHook } from './probes.ts';
import { limitsOfUnit, requiredLimits } from './limits.ts';
import type { FindText, SettingsContext } from './settings-context.ts';
import type { CommandLine, Starts } from './starts.ts';
import { withTakenAccess } from './taken-access.ts';
import { expandSpecifiers } from './specifiers.ts';
import {
  commandsAround,
  finder,
  isFailurePassedOver,
  requiredCommands,
  runsAfter,
  runsBefore,
  type UnitCommand,
} from './unit-commands.ts';
import { commandOf, prefixes, substitutionOf } from './unit-words.ts';
import { conditionsIn } from './unit-conditions.ts';
import { restrictionsIn } from './unit-directives.ts';
import { type EnvironmentFileName, type FoundFile, readEnvironment } from './unit-environment.ts';
import { directoryNamed } from './target-paths.ts';
import { isOfUserManager, rightsOfUser } from './user-manager.ts';
import { assignment, locatedWords, logicalLines, type LogicalLine } from './words.ts';

/** A unit's own file, where it was given, and its drop-ins in the order in which systemd applies them. */
export interface UnitFiles {
  /** Its name, where the files' places show it. */
  readonly unit: string;
  readonly isNamed: boolean;
  readonly fragment?: TextFile;
  readonly dropIns: readonly TextFile[];
  /** system.conf of its host, and drop-ins of that. */
  readonly managers: readonly TextFile[];
  /** Files of the same names in folders that give way. */
  readonly replaced?: readonly TextFile[];
}

/** Puts a unit and its drop-ins together as systemd does and reads what they start. */
export function readUnit(files: UnitFiles, context: SettingsContext): readonly Process[] {
  const texts = [...(files.fragment === undefined ? [] : [files.fragment]), ...files.dropIns];
  const name = files.isNamed ? files.unit : undefined;
  const service = texts.reduce((said, text) => apply(said, text, name), nothingSaid());
  const passed = valuesOf(service, 'PassEnvironment');
  const stated = { ...service, passed, managers: files.managers };
  const environment = readEnvironment(stated, context);
  const { variables, read, missing, optional, doubts, found, problems } = environment;

  const empty = emptyProcess('systemd', { file: texts[0]?.path ?? files.unit });
  const credentials = credentialsOf(name, service);
  const base: Process = {
    ...empty,
    variables: [...variables, ...credentials],
    files: [...texts.map(({ path }) => path), ...read],
    label: files.unit,
    partial: files.fragment === undefined || service.leavesOut || missing.length > 0,
    missingFiles: missing,
    ...(optional.length > 0 && { optionalFiles: optional }),
    doubts: [...doubts, ...restrictionsIn(service.others)],
    problems,
    ...confinement(service.directives, name),
    ...courseOf(service, files),
  };
  const complete = completeness(base, service);
  const substitution = substitutionOf(base.variables, complete === true);
  const around = commandsAround(service.hooks, { base, complete, substitution }, context);
  const before = runsBefore(around);
  const after = runsAfter(around);
  const surplus = surplusStart(service, files);
  const required = [...requiredOf(texts, name, { service, around, context }), ...surplus];
  const isPrepared = preparedPaths(before);
  const changed = found.flatMap((named) => openedAfter(named, isPrepared) ?? []);
  if (service.starts.length === 0) {
    return withRequirements([withPreparedFiles(base, before, after)], required);
  }
  const all = service.starts.flatMap((start) => {
    const origin = start[0]?.location ?? base.origin;
    const words = commandOf(start, substitution);
    const line = {
      words,
      variables: base.variables,
      complete,
      find: unlessPrepared(finder(context, origin.file), isPrepared),
      paths: context.paths,
    };
    const directives = applicable(service.directives, start[0]?.text ?? '');
    const own = confinement(directives, name);
    const doubted = [...base.doubts, ...changed, ...refused(service, files, origin)];
    const process = { ...base, origin, doubts: doubted, ...own };
    return processesOf(withPreparedFiles(process, before, after), line).map((each) =>
      withTakenAccess(each, before),
    );
  });
  const main = lastMember(all, surplus);
  const isOfEtcd = main.some(isMember);
  const members = main.map((each) => (isMember(each) ? asUser(each) : each));
  const ports = portsIn(main);
  const hookRuns = service.hooks.map((hook) => {
    const run = runsOfHook(
      {
        ...base,
        label: files.unit.replace(/\.service$/, ''),
        ...(isOfEtcd && { place: 'unit of etcd' as const }),
      },
      {
        variables: base.variables,
        directory: base.directory,
        complete,
        find: finder(context, hook.location.file),
        ports,
      },
      { ...hook, words: commandOf(hook.words, substitution) },
    );
    return isFailurePassedOver(hook) ? { ...run, bare: [], senders: [] } : run;
  });
  return withRequirements(withHookRuns(members, hookRuns), required);
}

function credentialsOf(name: string | undefined, { directives }: Service) {
  return name === undefined ? [] : credentialsDirectory(name, directives);
}

function asUser(process: Process): Process {
  const { contained, origin, doubts } = process;
  const doubt = contained === true ? [] : rightsOfUser(origin.file, origin.line);
  return doubt.length === 0 ? process : { ...process, doubts: [...doubts, ...doubt] };
}

function requiredOf(
  texts: readonly TextFile[],
  name: string | undefined,
  {
    service,
    around,
    context,
  }: {
    readonly service: Service;
    readonly around: readonly UnitCommand[];
    readonly context: SettingsContext;
  },
): readonly Requirement[] {
  const programs = service.starts.flatMap((start) => start[0]?.text.replace(prefixes, '') ?? []);
  const limits = requiredLimits(limitsOfUnit(service.others));
  return [
    ...conditionsIn(texts, name, { context, programs }),
    ...requiredCommands(around),
    ...limits,
  ];
}

interface Surroundings {
  readonly before: readonly Starts[];
  readonly after: readonly Starts[];
  readonly required: readonly Requirement[];
}

/** What runs around a process that another section of a unit describes, and what has to succeed for it to start. */
export function surroundingsOf(
  texts: readonly TextFile[],
  name: string,
  context: SettingsContext,
): Surroundings {
  const service = texts.reduce((said, text) => apply(said, text, name), nothingSaid());
  const { variables } = service;
  const directory = workingDirectory(service, true);
  const substitution = substitutionOf(variables, false);
  const base = { variables, ...defined({ directory }) };
  const around = commandsAround(service.hooks, { base, complete: false, substitution }, context);
  return {
    before: runsBefore(around),
    after: runsAfter(around),
    required: requiredOf(texts, name, { service, around, context }),
  };
}

/** Without an environment file, what sets a variable that the unit names was not given. */
function completeness({ partial }: Process, service: Service): CommandLine['complete'] {
  if (partial) return false;
  return service.environmentFiles.length > 0 ? true : 'as-written';
}

function confinement(directives: readonly EnvironmentVariable[], unit: string | undefined) {
  return { directives, mounts: mountsOfSandbox(directives, unit) };
}

/** Whether a service ends when its work is done, and where it starts. */
function courseOf(
  service: Service,
  { fragment }: UnitFiles,
): Pick<Process, 'isTask' | 'directory'> {
  const isOfUser = isOfUserManager(fragment?.path ?? '');
  const isWhole = fragment !== undefined && !service.leavesOut && !isOfUser;
  const isTask = valuesOf(service, 'Type').at(-1) === 'oneshot';
  const directory = workingDirectory(service, isWhole);
  return { ...(isTask && { isTask }), ...defined({ directory }) };
}

/** What is said by a directive that is in no other list; an empty value takes back what was said before. */
function valuesOf({ others }: Service, name: string): readonly string[] {
  return others.filter((other) => other.name === name).map(({ value }) => value);
}

/** Services of the system start in `/` (systemd.exec(5)); the home of a user is not known. */
function workingDirectory(service: Service, isWhole: boolean): string | undefined {
  const said = (valuesOf(service, 'WorkingDirectory').at(-1) ?? '').replace(/^-/, '');
  return said === '' && isWhole ? '/' : directoryNamed(said, undefined);
}

/** `+` runs a command as root and outside the sandbox, `!` as root within it (systemd.service(5)). */
function applicable(directives: readonly EnvironmentVariable[], program: string) {
  const [prefix = ''] = prefixes.exec(program) ?? [];
  if (prefix.includes('+')) return [];
  // `!!` means this only where the kernel has no ambient capabilities.
  if (!/(?<!!)!(?!!)/.test(prefix)) return directives;
  return directives.filter(
    ({ name }) => !/^(?:User|Group|SupplementaryGroups|DynamicUser)$/.test(name),
  );
}

/** A given file is not known to be what a command leaves at its path, unless it is at that very path. */
function unlessPrepared(find: FindText, isPrepared: (path: string) => boolean): FindText {
  return (path, as) => {
    const file = find(path, as);
    return file !== undefined && file.path !== path && isPrepared(path) ? undefined : file;
  };
}

/** systemd reads a file again before each command (systemd.exec(5)). */
function openedAfter(
  { path, file, location }: FoundFile,
  isPrepared: (path: string) => boolean,
): UnreadText | undefined {
  if (file?.path === path || !isPrepared(path)) return undefined;
  const reason = `a command of the unit may write ${path}, which systemd reads after it: what is in it then was not given`;
  return { path: location.file, ...defined({ line: location.line }), reason };
}

/** systemd loads no unit with more than one command that is not of this type (systemd.service(5)). */
function hasSurplusStart(service: Service): boolean {
  return service.starts.length > 1 && valuesOf(service, 'Type').at(-1) !== 'oneshot';
}

/** What was not seen of the unit may say that it is of that type. */
function refused(
  service: Service,
  files: UnitFiles,
  { file: path, line }: Location,
): readonly UnreadText[] {
  if (!hasSurplusStart(service) || isSeenWhole(service, files)) return [];
  const reason = 'systemd refuses a unit with more than one ExecStart= that is not of Type=oneshot';
  return [{ path, ...defined({ line }), reason }];
}

function isSeenWhole({ leavesOut }: Service, { fragment }: UnitFiles): boolean {
  return fragment !== undefined && !leavesOut;
}

/** Such a unit starts nothing. */
function surplusStart(service: Service, files: UnitFiles): readonly Requirement[] {
  const location = service.starts.at(-1)?.[0]?.location;
  if (location === undefined || !hasSurplusStart(service) || !isSeenWhole(service, files))
    return [];
  return [{ name: 'ExecStart', of: '', location, ending: 'fails', why: 'more-than-one-start' }];
}

/** What was meant to replace the others. */
function lastMember(
  processes: readonly Process[],
  surplus: readonly Requirement[],
): readonly Process[] {
  if (surplus.length === 0) return processes;
  const last = processes.findLast(isMember);
  return processes.filter((process) => process === last || !isMember(process));
}

/** What has been said of a service so far; lists grow in place, for a unit may have many lines. */
interface Service {
  readonly variables: EnvironmentVariable[];
  readonly environmentFiles: EnvironmentFileName[];
  readonly unset: string[];
  /** One command, or several for a service of type oneshot. */
  readonly starts: (readonly LocatedText[])[];
  /** Further commands of the unit: `ExecStartPost=` and the like. */
  readonly hooks: readonly Command[];
  /** `User=` and the like, the last of each. */
  readonly directives: readonly EnvironmentVariable[];
  /** All others. */
  readonly others: readonly EnvironmentVariable[];
  /** Whether a line of dots marks an omission. */
  readonly leavesOut: boolean;
}

function nothingSaid(): Service {
  return {
    variables: [],
    environmentFiles: [],
    unset: [],
    starts: [],
    hooks: [],
    directives: [],
    others: [],
    leavesOut: false,
  };
}

function apply(service: Service, file: TextFile, unit: string | undefined): Service {
  let section = '';
  let said = service;
  for (const line of logicalLines(file.text)) {
    const text = line.text.trim();
    const header = /^\[([^\]]*)\]$/.exec(text)?.[1];
    if (header !== undefined) section = header;
    else if (/^(?:\.\.\.|…)$/.test(text)) said = { ...said, leavesOut: true };
    else if (section === 'Service') said = { ...said, ...readDirective(said, file, line, unit) };
  }
  return said;
}

function readDirective(
  service: Service,
  file: TextFile,
  line: LogicalLine,
  unit: string | undefined,
): Partial<Service> {
  const [, key = '', raw = ''] = /^\s*([A-Za-z]+)\s*=(.*)$/s.exec(line.text) ?? [];
  const value = expandSpecifiers(raw.trim(), unit, file.path);
  const words = locatedWords(file.path, cut(line, line.text.indexOf('=') + 1), 'systemd').map(
    (word) => ({ ...word, text: expandSpecifiers(word.text, unit, file.path) }),
  );
  switch (key) {
    case 'Environment':
      return { variables: added(service.variables, assignments(words), value) };
    case 'EnvironmentFile': {
      const isOptional = value.startsWith('-');
      const { location } = words[0] ?? { location: { file: file.path } };
      const named = { path: value.replace(/^-/, ''), from: file.path, isOptional, location };
      return { environmentFiles: added(service.environmentFiles, [named], value) };
    }
    case 'UnsetEnvironment': {
      const names = words.map(({ text }) => text);
      return { unset: added(service.unset, names, value) };
    }
    case 'ExecStart':
      return { starts: added(service.starts, [words], value) };
    default: {
      const list = isOfProcess(key) ? 'directives' : 'others';
      return {
        hooks: withHook(service.hooks, key, words),
        [list]: withDirective(service[list], key, value, words),
      };
    }
  }
}

const besideStart = wordSet(
  'ExecCondition ExecStartPre ExecStartPost ExecReload ExecStop ExecStopPost',
);

/** An empty value takes back what was said before. */
function withHook(
  hooks: readonly Command[],
  name: string,
  words: readonly Required<LocatedText>[],
): readonly Command[] {
  const [first] = words;
  if (!besideStart.has(name)) return hooks;
  if (first === undefined) return hooks.filter((hook) => hook.name !== name);
  return [...hooks, { name, words, location: first.location }];
}

/** Directives that say which user a service runs as and what it sees of the host (systemd.exec(5)). */
const ofProcess = wordSet(
  'User Group SupplementaryGroups DynamicUser UMask CapabilityBoundingSet AmbientCapabilities ProtectHome ProtectSystem PrivateTmp PrivateUsers InaccessiblePaths InaccessibleDirectories TemporaryFileSystem BindPaths BindReadOnlyPaths RootDirectory RootImage MountImages ImportCredential ReadOnlyPaths ReadOnlyDirectories ReadWritePaths ReadWriteDirectories StateDirectory',
);

function isOfProcess(name: string): boolean {
  return ofProcess.has(name) || /^(?:Load|Set)Credential/.test(name);
}

function withDirective(
  directives: readonly EnvironmentVariable[],
  name: string,
  value: string,
  words: readonly Required<LocatedText>[],
): readonly EnvironmentVariable[] {
  const location = words[0]?.location;
  // An empty value takes back what was said before.
  if (value === '') return directives.filter((directive) => directive.name !== name);
  return [...directives, { name, value, ...(location && { location }) }];
}

/** An empty assignment drops everything that was said before (systemd.exec(5)). */
function added<Item>(before: Item[], more: readonly Item[], value: string): Item[] {
  if (value === '') before.length = 0;
  else for (const item of more) before.push(item);
  return before;
}

function assignments(words: readonly LocatedText[]): readonly EnvironmentVariable[] {
  return words.flatMap(({ text, location }) => assignment(text, location) ?? []);
}

function cut(line: LogicalLine, offset: number): LogicalLine {
  const starts = line.starts.map((start) => ({
    ...start,
    offset: Math.max(0, start.offset - offset),
  }));
  return { text: line.text.slice(offset), starts };
}
