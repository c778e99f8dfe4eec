import type { TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable } from '../../model/settings.ts';
import { groupBy } from '../../model/group-by.ts';
import { table } from '../../model/table.ts';
import type { Requirement } from './before-start.ts';
import type { SettingsContext } from './settings-context.ts';
import type { Ending } from './shell/ending.ts';
import { expandSpecifiers } from './specifiers.ts';
import { baseName, lineAt, type LogicalLine, logicalLines } from './words.ts';

/** `ConditionPathExists=` and the like of `[Unit]` (systemd.unit(5)). */
interface Condition extends Required<EnvironmentVariable> {
  readonly isTriggering: boolean;
}

/**
 * What has to hold for systemd to start a unit. The paths of files that were given are known, and the program that
 * it starts is assumed to be there.
 */
export function conditionsIn(
  texts: readonly TextFile[],
  unit: string | undefined,
  {
    context,
    programs,
  }: { readonly context: SettingsContext; readonly programs: readonly string[] },
): readonly Requirement[] {
  const said = texts.reduce<readonly Condition[]>(
    (before, text) => conditionsOf(text, unit, before),
    [],
  );
  const asked = said.map((condition) => ({
    required: requirementOf(condition, endingOf(condition, context, programs)),
    condition,
  }));
  const needed = asked.filter(({ condition }) => !condition.isTriggering);
  const triggering = asked.filter(({ condition }) => condition.isTriggering);
  const kinds = groupBy(triggering, ({ condition }) => kindOf(condition.name));
  return [
    ...needed.map(({ required }) => required),
    // Of these one is enough.
    ...[...kinds.values()].flatMap((all) => oneOf(all.map(({ required }) => required))),
  ];
}

function oneOf(all: readonly Requirement[]): readonly Requirement[] {
  if (all.some(({ ending }) => ending === 'succeeds')) return [];
  return [all.find(({ ending }) => ending === 'asks') ?? all[0]].flatMap((each) => each ?? []);
}

function kindOf(name: string): string {
  return /^Condition|^Assert/.exec(name)?.[0] ?? '';
}

function conditionsOf(
  file: TextFile,
  unit: string | undefined,
  before: readonly Condition[],
): readonly Condition[] {
  let section = '';
  let said = before;
  for (const line of logicalLines(file.text)) {
    section = /^\s*\[([^\]]*)\]\s*$/.exec(line.text)?.[1] ?? section;
    const condition = section === 'Unit' ? conditionOn(line, file.path, unit) : undefined;
    if (condition !== undefined) said = withCondition(said, condition);
  }
  return said;
}

function conditionOn(
  line: LogicalLine,
  file: string,
  unit: string | undefined,
): Condition | undefined {
  const [, name, raw = ''] = /^\s*((?:Condition|Assert)\w+)\s*=(.*)$/s.exec(line.text) ?? [];
  if (name === undefined) return undefined;
  const written = expandSpecifiers(raw.trim(), unit, file);
  const value = written.replace(/^\|\s*/, '');
  const location = { file, line: lineAt(line, 0) };
  return { name, value, location, isTriggering: value !== written };
}

/** An empty one takes back all of its kind that were said before. */
function withCondition(before: readonly Condition[], condition: Condition): readonly Condition[] {
  return condition.value === ''
    ? before.filter(({ name }) => kindOf(name) !== kindOf(condition.name))
    : [...before, condition];
}

function requirementOf({ name, value, location }: Condition, ending: Ending): Requirement {
  const isPath = /Path|Directory|File/.test(name);
  return { name, of: isPath ? value : '', location, ending, why: 'condition-fails' };
}

function endingOf(
  { name, value, location }: Condition,
  context: SettingsContext,
  programs: readonly string[],
): Ending {
  const path = value.replace(/^!\s*/, '');
  const kind = name.replace(/^(?:Condition|Assert)/, '');
  const seen = seenAt(path, location.file, context);
  const holds = holdsFor(kind, path, { isStarted: programs.includes(path), seen });
  // As everywhere, a file by its name alone is the one that is meant.
  const isMeant = seen.isNamed && path === value && /^(?:PathExists|FileNotEmpty)$/.test(kind);
  if (holds === undefined) return isMeant ? 'succeeds' : 'asks';
  return holds === (path === value) ? 'succeeds' : 'fails';
}

interface Seen {
  /** A given file is called so. */
  readonly isNamed: boolean;
  /** A given file is at this very path, or below it. */
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isEmpty: boolean;
}

function seenAt(path: string, from: string, context: SettingsContext): Seen {
  const { paths = [], files = [] } = context;
  const all = [...paths, ...files].map((each) => `/${each}`);
  const name = baseName(path);
  const found = context.find(path, from);
  return {
    isNamed: found !== undefined || files.some((each) => baseName(each) === name),
    isFile: all.some((each) => each.endsWith(path)),
    isDirectory: all.some((each) => each.includes(`${path.replace(/\/$/, '')}/`)),
    isEmpty: found?.text === '',
  };
}

/** Undefined where only the machine knows. What is at a path is known to be there, but not what is not. */
function holdsFor(
  kind: string,
  path: string,
  { isStarted, seen }: { readonly isStarted: boolean; readonly seen: Seen },
): boolean | undefined {
  if (!path.startsWith('/')) return undefined;
  const { isFile, isDirectory, isEmpty } = seen;
  const known = table<boolean | undefined>({
    PathExists: isFile || isDirectory || isStarted || undefined,
    FileNotEmpty: isFile ? !isEmpty : undefined,
    FileIsExecutable: isStarted || undefined,
    PathIsDirectory: isDirectory || (isFile ? false : undefined),
    DirectoryNotEmpty: isDirectory || undefined,
  });
  return known[kind];
}
