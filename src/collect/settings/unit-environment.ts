import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { EnvironmentVariable } from '../../model/settings.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { Location } from '../../model/target.ts';
import { lastOfEach, missingOf, passedOverBySystemd, readForSystemd } from './environment-file.ts';
import type { SettingsContext } from './settings-context.ts';
import { filesMatching } from './files-matching.ts';
import type { ShellVariable } from './shell/run.ts';
import { unreadAt } from './unread-at.ts';
import { assignment, locatedWords, logicalLines } from './words.ts';

interface NamedFile {
  readonly path: string;
  /** The file that names it. */
  readonly from: string;
}

/** `EnvironmentFile=`, with `-` in front where the file may be absent. */
export interface EnvironmentFileName extends NamedFile {
  readonly isOptional: boolean;
  readonly location: Location;
}

/** What a unit says of its variables. */
export interface StatedEnvironment {
  readonly variables: readonly EnvironmentVariable[];
  readonly environmentFiles: readonly EnvironmentFileName[];
  readonly unset: readonly string[];
  /** The values of `PassEnvironment=`. */
  readonly passed: readonly string[];
  /** The configuration of the service manager. */
  readonly managers: readonly TextFile[];
}

export interface FoundFile extends EnvironmentFileName {
  readonly file: TextFile | undefined;
}

export interface ServiceEnvironment {
  readonly found: readonly FoundFile[];
  readonly variables: readonly ShellVariable[];
  readonly read: readonly string[];
  readonly missing: readonly string[];
  /** Those of them that may be absent from the host as well. */
  readonly optional: readonly string[];
  readonly doubts: readonly UnreadText[];
  /** Lines of the files that systemd passes over. */
  readonly problems: Problems;
}

/** Files override `Environment=`, whatever their order, and both what the service manager gives to all services. */
export function readEnvironment(
  stated: StatedEnvironment,
  context: SettingsContext,
): ServiceEnvironment {
  const found = stated.environmentFiles.flatMap((named) => filesNamed(named, context));
  const files = lastOfEach(found.flatMap(({ file }) => file ?? []));
  const unset = new Set(stated.unset);
  return {
    variables: [
      ...passedOn(stated),
      ...defaultsIn(stated.managers),
      ...stated.variables,
      ...files.flatMap(readForSystemd),
    ].filter(({ name, value }) => !unset.has(name) && !unset.has(`${name}=${value}`)),
    found,
    read: [...stated.managers, ...files].map(({ path }) => path),
    missing: missingOf(found),
    optional: missingOf(found.filter(({ isOptional }) => isOptional)),
    doubts: found
      .filter(({ file, isOptional }) => file === undefined && !isOptional)
      .map(notStarted),
    problems: files.flatMap(passedOverBySystemd),
  };
}

/** The files that a name stands for, which may be a pattern of glob(7), in the order of their names. */
function filesNamed(named: EnvironmentFileName, context: SettingsContext): readonly FoundFile[] {
  const { path: written, from } = named;
  if (!/[*?[]/.test(written)) return [{ ...named, file: context.find(written, from) }];
  const find = (path: string) => context.find(path, from);
  const found = filesMatching(written, context.paths ?? [], find);
  return (found ?? [{ file: undefined }]).map((each) => ({ ...named, ...each }));
}

/** What the service manager gives to all services (systemd-system.conf(5)); an empty value takes back what was said. */
function defaultsIn(files: readonly TextFile[]): readonly EnvironmentVariable[] {
  const said: EnvironmentVariable[] = [];
  for (const { path, text } of files) {
    let section = '';
    for (const line of logicalLines(text)) {
      section = /^\s*\[([^\]]*)\]\s*$/.exec(line.text)?.[1] ?? section;
      const [start] = /^\s*DefaultEnvironment\s*=/.exec(line.text) ?? [];
      if (section !== 'Manager' || start === undefined) continue;
      const value = { ...line, text: ' '.repeat(start.length) + line.text.slice(start.length) };
      const words = locatedWords(path, value, 'systemd');
      if (words.length === 0) said.length = 0;
      said.push(...words.flatMap((word) => assignment(word.text, word.location) ?? []));
    }
  }
  return said;
}

/** The service manager's own variables, which all others override. */
function passedOn({ passed }: StatedEnvironment): readonly ShellVariable[] {
  const names = passed.flatMap((value) => value.split(/\s+/));
  const doubt = 'PassEnvironment= takes it from the service manager, where it may be set or not';
  return names.filter(Boolean).map((name) => ({ name, value: `\${${name}}`, doubt }));
}

/** Without `-` in front, a file that does not exist keeps the unit from starting (systemd.exec(5)). */
function notStarted({ path, location: { file, line } }: EnvironmentFileName): UnreadText {
  const reason = `EnvironmentFile=${path} was not given, and systemd does not start the unit without it`;
  return unreadAt(file, line, reason, `give ${path} as well`);
}
