import type { TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable, LocatedText, SettingsProblem } from '../../model/settings.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { emptyProcess, baseName, type Process } from './process.ts';
import type { SettingsContext } from './settings-context.ts';
import { assignment, locatedWords, logicalLines, type LogicalLine } from './words.ts';

/** A unit's own file, where it was given, and its drop-ins in the order in which systemd applies them. */
export interface UnitFiles {
  readonly unit: string;
  readonly fragment?: TextFile;
  readonly dropIns: readonly TextFile[];
}

/** Puts a unit and its drop-ins together as systemd does and reads what they start. */
export function readUnit(files: UnitFiles, context: SettingsContext): Process {
  const texts = [...(files.fragment === undefined ? [] : [files.fragment]), ...files.dropIns];
  const service = texts.reduce(apply, nothingSaid);
  const environment = readEnvironment(service, context);

  const [first] = texts;
  const place = service.start[0]?.location ?? { file: first?.path ?? files.unit };
  const { missing, variables } = environment;
  return {
    ...emptyProcess('systemd', place),
    ...commandOf(service.start, variables),
    variables,
    files: [...texts.map(({ path }) => path), ...environment.read],
    label: files.unit,
    partial: files.fragment === undefined || service.leavesOut || missing.length > 0,
    missingFiles: missing,
    problems: variables.flatMap(unexpanded),
  };
}

/** What has been said of a service so far. */
interface Service {
  readonly variables: readonly EnvironmentVariable[];
  readonly environmentFiles: readonly NamedFile[];
  readonly unset: readonly string[];
  readonly start: readonly LocatedText[];
  /** Whether a line of dots stands for more. */
  readonly leavesOut: boolean;
}

interface NamedFile {
  readonly path: string;
  /** The file that names it. */
  readonly from: string;
}

const nothingSaid: Service = {
  variables: [],
  environmentFiles: [],
  unset: [],
  start: [],
  leavesOut: false,
};

function apply(service: Service, file: TextFile): Service {
  let section = '';
  let said = service;
  for (const line of logicalLines(file.text)) {
    const text = line.text.trim();
    const header = /^\[([^\]]*)\]$/.exec(text)?.[1];
    if (header !== undefined) section = header;
    else if (/^(?:\.\.\.|…)$/.test(text)) said = { ...said, leavesOut: true };
    else if (section === 'Service') said = { ...said, ...readDirective(said, file, line) };
  }
  return said;
}

function readDirective(service: Service, file: TextFile, line: LogicalLine): Partial<Service> {
  const [, key = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/s.exec(line.text) ?? [];
  const words = locatedWords(file.path, cut(line, line.text.indexOf('=') + 1), 'systemd');
  const named = { path: value.replace(/^-/, ''), from: file.path };
  switch (key) {
    case 'Environment':
      return { variables: added(service.variables, assignments(words), value) };
    case 'EnvironmentFile':
      return { environmentFiles: added(service.environmentFiles, [named], value) };
    case 'UnsetEnvironment':
      return {
        unset: added(
          service.unset,
          words.map(({ text }) => text),
          value,
        ),
      };
    case 'ExecStart':
      return { start: words };
    default:
      return {};
  }
}

/** An empty assignment drops everything that was said before (systemd.exec(5)). */
function added<Item>(
  before: readonly Item[],
  more: readonly Item[],
  value: string,
): readonly Item[] {
  return value === '' ? [] : [...before, ...more];
}

function assignments(words: readonly LocatedText[]): readonly EnvironmentVariable[] {
  return words.flatMap(({ text, location }) => assignment(text, location) ?? []);
}

interface ServiceEnvironment {
  readonly variables: readonly EnvironmentVariable[];
  readonly read: readonly string[];
  readonly missing: readonly string[];
}

/** Files override `Environment=`, whatever their order. */
function readEnvironment(service: Service, context: SettingsContext): ServiceEnvironment {
  const found = service.environmentFiles.map(({ path, from }) => ({
    path,
    file: context.find(path, from),
  }));
  const files = found.flatMap(({ file }) => file ?? []);
  const own = service.variables.map((variable) => ({
    ...variable,
    value: variable.value.replaceAll('%%', '%'),
  }));
  return {
    variables: [...own, ...files.flatMap(readEnvironmentFile)].filter(
      ({ name, value }) =>
        !service.unset.includes(name) && !service.unset.includes(`${name}=${value}`),
    ),
    read: files.map(({ path }) => path),
    missing: found.flatMap(({ path, file }) => (file === undefined ? [path] : [])),
  };
}

/** Specifiers such as `%m`, the machine's id, are known to the host alone. */
function unexpanded({ name, value, location }: EnvironmentVariable): readonly SettingsProblem[] {
  const specifier = /%[a-zA-Z]/.exec(value)?.[0];
  if (specifier === undefined) return [];
  const detail = `what ${specifier} stands for is known on the host alone`;
  return [{ kind: 'unparsable', name, detail, ...(location === undefined ? {} : { location }) }];
}

function commandOf(
  start: readonly LocatedText[],
  variables: readonly EnvironmentVariable[],
): Partial<Pick<Process, 'program' | 'words'>> {
  const [program, ...words] = start;
  if (program === undefined) return {};
  return {
    program: baseName(program.text.replace(/^[-@:+!|]+/, '')),
    words: words.flatMap((word) => substitute(word, variables)),
  };
}

function cut(line: LogicalLine, offset: number): LogicalLine {
  const starts = line.starts.map((start) => ({
    ...start,
    offset: Math.max(0, start.offset - offset),
  }));
  return { text: line.text.slice(offset), starts };
}

/** `$NAME` as a whole word becomes as many words as its value has; `${NAME}` stays within its word. */
function substitute(
  word: LocatedText,
  variables: readonly EnvironmentVariable[],
): readonly LocatedText[] {
  const valueOf = (name: string) => variables.findLast((variable) => variable.name === name)?.value;
  const whole = /^\$(\w+)$/.exec(word.text)?.[1];
  if (whole !== undefined) {
    const words = (valueOf(whole) ?? '').split(/\s+/).filter((text) => text !== '');
    return words.map((text) => ({ ...word, text }));
  }
  const text = word.text.replaceAll(
    /\$\{(\w+)\}/g,
    (written: string, name: string) => valueOf(name) ?? written,
  );
  return [{ ...word, text: text.replaceAll('%%', '%').replaceAll('$$', '$') }];
}
