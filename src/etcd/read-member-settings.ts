import { isReadByGo } from './process-environment.ts';
import type {
  EnvironmentVariable,
  MemberSettings,
  Setting,
  SettingsSource,
} from '../model/settings.ts';
import type { Location } from '../model/target.ts';
import { once } from '../model/once.ts';
import { memberSettings } from './member-settings.ts';
import { type RawSettings, type RawValue, type Reading, textOf } from './raw-settings.ts';
import { readConfigFile } from './read-config-file.ts';
import { etcdVariables, readEnvironment } from './read-environment.ts';
import { readFlagValue } from './flag-values.ts';
import { readFlags } from './read-flags.ts';
import { flagNamed } from './flags.ts';
import { findProblems } from './find-problems.ts';
import type { EtcdVersion } from './version.ts';
import type { ProblemReason } from '../model/problem-words.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

/** The settings of one etcd process, and what of them does not do what its author meant. */
export interface MemberReading {
  readonly settings: MemberSettings;
  /** Those that etcd refuses to start with come in the order in which etcd would find them. */
  readonly problems: Problems;
}

/** Reads a member's settings by the precedence of its version: a configuration file, or flags and variables. */
export function readMemberSettings(
  sources: readonly SettingsSource[],
  version: EtcdVersion,
): MemberReading {
  return readUnder(sources)(version);
}

/** What a running member says of its release is asked several times, and so are its settings under it. */
const readUnder = once((sources: readonly SettingsSource[]) =>
  once((version: EtcdVersion): MemberReading => {
    const variables = variablesIn(sources);
    const reading = readingOf(sources)(version);
    const assumed = assume(sources, reading.settings, version);
    const environment = processEnvironment(variables);
    const { settings, problems } = memberSettings(assumed, environment, version);

    const found = findProblems(settings, version, assumed);
    const all = [...reading.problems, ...problems, ...withoutRefused(found, reading.problems)];
    return { settings, problems: all };
  }),
);

/** Settings without which a problem is none: etcd does not get to compare a value that it refuses to read. */
const compared: Partial<Record<ProblemReason, RegExp>> = {
  'nothing-to-advertise': /^advertise-client-urls$/,
  'peer-url-of-default-route': /^(?:initial-advertise|listen)-peer-urls$/,
  'peer-url-not-in-cluster': /^initial-advertise-peer-urls$/,
  'peer-url-not-in-default-cluster': /^initial-advertise-peer-urls$/,
};

/** A value that cannot be read is not the default that takes its place here. */
function withoutRefused(found: Problems, reading: Problems): Problems {
  const refused = reading
    .filter(({ kind }) => kind === 'refused-at-start')
    .map(({ name }) =>
      name
        .replace(/^--?|^ETCD_/, '')
        .replaceAll('_', '-')
        .toLowerCase(),
    );
  if (refused.length === 0) return found;
  return found.filter(({ why }) => !refused.some((name) => compared[why]?.test(name)));
}

/** The name alone, for those who only want to know whose settings these are. */
export function readMemberName(
  sources: readonly SettingsSource[],
  version: EtcdVersion,
): Setting<string> | undefined {
  const { settings } = readingOf(sources)(version);
  return textOf(settings, 'name');
}

/** The values that sources set, by flag name, for those who ask before anything is concluded. */
export function readStatedValues(
  sources: readonly SettingsSource[],
  version: EtcdVersion,
): RawSettings {
  return readingOf(sources)(version).settings;
}

function variablesIn(sources: readonly SettingsSource[]): readonly EnvironmentVariable[] {
  return sources.flatMap((source) => (source.kind === 'environment' ? source.variables : []));
}

/** The sources of a member are asked for its name, for what it states and for its settings. */
const readingOf = once((sources: readonly SettingsSource[]) =>
  once((version: EtcdVersion) => readSources(sources, version)),
);

function readSources(sources: readonly SettingsSource[], version: EtcdVersion): Reading {
  const variables = variablesIn(sources);
  const words = sources.flatMap((source) => (source.kind === 'flags' ? source.arguments : []));
  const flags = readFlags(words, version);
  const file = sources.findLast((source) => source.kind === 'config-file');
  const named = flags.settings.get('config-file') ?? configFileVariable(variables);
  const path = named ?? (file === undefined ? undefined : givenFile(file.path));
  if (path === undefined) {
    const environment = readEnvironment(variables, flags.settings, version);
    return {
      settings: new Map([...environment.settings, ...flags.settings]),
      problems: [...flags.problems, ...environment.problems],
    };
  }

  const read = readFile(path, file, version);
  const ignored = ignoredWithConfigFile(path, flags.settings, variables);
  return {
    settings: new Map([...read.settings, ['config-file', path]]),
    problems: [...flags.problems, ...read.problems, ...ignored],
  };
}

function givenFile(path: string): Setting<string> {
  return { value: path, origin: { via: 'assumed', because: 'the file was given' } };
}

function readFile(
  path: Setting<RawValue>,
  file: Extract<SettingsSource, { kind: 'config-file' }> | undefined,
  version: EtcdVersion,
): Reading {
  if (file?.document !== undefined) return readConfigFile(file.document, version);
  const broken = file?.unreadable === undefined ? notGiven(path) : notYaml(path, file.unreadable);
  return { settings: new Map(), problems: [broken] };
}

function configFileVariable(
  variables: readonly EnvironmentVariable[],
): Setting<string> | undefined {
  const variable = etcdVariables(variables).find(({ name }) => name === 'ETCD_CONFIG_FILE');
  if (variable === undefined || variable.value === '') return undefined;
  const { name, value, location } = variable;
  return {
    value,
    origin: { via: 'environment', name, ...(location === undefined ? {} : { location }) },
  };
}

function notGiven({ value, origin }: Setting<RawValue>): SettingsProblem {
  return {
    kind: 'unparsable',
    name: 'config-file',
    why: 'config-file-not-given',
    values: { file: String(value) },
    ...(origin.location === undefined ? {} : { location: origin.location }),
  };
}

function notYaml(
  { value }: Setting<RawValue>,
  { error, location }: { readonly error: string; readonly location: Location },
): SettingsProblem {
  return {
    kind: 'refused-at-start',
    name: 'config-file',
    why: 'config-file-not-yaml',
    values: { file: String(value), error },
    etcdSays: 'error converting YAML to JSON: yaml: ',
    location,
  };
}

/** Everything on the command line or in the environment when there is a configuration file. */
function ignoredWithConfigFile(
  file: Setting<RawValue>,
  flags: RawSettings,
  variables: readonly EnvironmentVariable[],
): Problems {
  const fromFlags = [...flags.values()].map(({ origin }) => ({
    name: origin.name ?? '',
    location: origin.location,
  }));
  const fromVariables = etcdVariables(variables).filter(({ value }) => value !== '');
  return [...fromFlags, ...fromVariables]
    .filter(({ name }) => name !== '--config-file' && name !== 'ETCD_CONFIG_FILE')
    .map(({ name, location }) => ({
      kind: 'ignored-beside-config-file' as const,
      name,
      why: 'beside-config-file' as const,
      values: { file: String(file.value) },
      ...(location === undefined ? {} : { location }),
    }));
}

/** Adds what the tool supposes where nothing else says anything. */
function assume(
  sources: readonly SettingsSource[],
  settings: RawSettings,
  version: EtcdVersion,
): RawSettings {
  const assumed = sources.flatMap((source) => (source.kind === 'assumed' ? source.settings : []));
  const all = new Map(settings);
  for (const { name, value, ...why } of assumed) {
    const flag = flagNamed(name);
    if (flag === undefined || all.has(name)) continue;
    const read = readFlagValue(flag, value, version);
    if (read.ok) all.set(name, { value: read.value, origin: { via: 'assumed', ...why } });
  }
  return all;
}

/** The variables that Go's runtime and libraries act on, whatever etcd's settings are. */
function processEnvironment(
  variables: readonly EnvironmentVariable[],
): Readonly<Record<string, Setting<string>>> {
  return Object.fromEntries(
    variables
      .filter(({ name }) => isReadByGo(name))
      .map(({ name, value, location }) => [
        name,
        {
          value,
          origin: {
            via: 'environment' as const,
            name,
            ...(location === undefined ? {} : { location }),
          },
        },
      ]),
  );
}
