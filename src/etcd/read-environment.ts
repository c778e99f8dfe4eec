import type { EnvironmentVariable, Setting } from '../model/settings.ts';
import type { Location } from '../model/target.ts';
import { readFlagValue } from './flag-values.ts';
import { type Flag, flagOfVariable, knows, lifetime, nearestVariable } from './flags.ts';
import { quote } from '../pki/go-text.ts';
import type { RawSettings, RawValue, Reading } from './raw-settings.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

/**
 * Variables that wrappers, images and orchestrators set in addition to etcd's own: etcd warns of them, but
 * they were not meant for it.
 */
const notMeantForEtcd =
  /^ETCD_(?:UNSUPPORTED_ARCH|VERSION|VER|IMAGE\w*|USER|GROUP|SSL_DIR|OPTS|EXTRA_\w+|ROOT_PASSWORD|SERVICE_\w+|PORT|PORT_\w+)$/;

/** Reads the `ETCD_*` variables of a process's environment, of which the last of each name counts. */
export function readEnvironment(
  variables: readonly EnvironmentVariable[],
  flags: RawSettings,
  version: EtcdVersion,
): Reading {
  const settings = new Map<string, Setting<RawValue>>();
  const problems: SettingsProblem[] = [];

  // etcd goes through its flags by name and reports the last that it could not read.
  const byName = etcdVariables(variables).toSorted((left, right) =>
    left.name < right.name ? 1 : -1,
  );
  for (const variable of byName) {
    const flag = flagOfVariable(variable.name);
    if (flag === undefined || !knows(version, flag)) {
      problems.push(...unknownVariable(variable, flag, version));
    } else if (flags.has(flag.name)) {
      problems.push(conflict(variable, version));
    } else if (variable.value === '') {
      problems.push(emptyVariable(variable, version));
    } else {
      const read = readFlagValue(flag, variable.value, version);
      if (read.ok) settings.set(flag.name, { value: read.value, origin: originOf(variable) });
      else problems.push(unreadable(variable, read.error));
    }
  }
  return { settings, problems: problems.toSorted((left, right) => stage(left) - stage(right)) };
}

/** A conflict ends etcd while it looks over the variables, before it reports one that it could not read. */
function stage({ kind, why }: SettingsProblem): number {
  if (kind !== 'refused-at-start') return 2;
  return why === 'conflicts-with-flag' ? 0 : 1;
}

/** The variables with etcd's prefix as the process sees them: each name once, with its last value. */
export function etcdVariables(
  variables: readonly EnvironmentVariable[],
): readonly EnvironmentVariable[] {
  const last = new Map<string, EnvironmentVariable>();
  for (const variable of variables) {
    if (variable.name.startsWith('ETCD_')) last.set(variable.name, variable);
  }
  return [...last.values()];
}

function originOf({ name, location }: EnvironmentVariable) {
  return { via: 'environment' as const, name, ...place(location) };
}

function place(location: Location | undefined) {
  return location === undefined ? {} : { location };
}

function unknownVariable(
  variable: EnvironmentVariable,
  flag: Flag | undefined,
  version: EtcdVersion,
): Problems {
  if (notMeantForEtcd.test(variable.name)) return [];

  const common = {
    name: variable.name,
    etcdSays: unrecognised(variable, version),
    ...place(variable.location),
  };
  if (flag !== undefined) {
    const values = { lifetime: lifetime(flag) };
    return [{ ...common, kind: 'not-in-this-version', why: 'setting-of-other-version', values }];
  }
  const near = nearestVariable(variable.name, version);
  return [
    {
      ...common,
      kind: 'unknown-variable',
      why: 'unknown-variable',
      ...(near === undefined ? {} : { values: { nearest: near } }),
    },
  ];
}

function unrecognised({ name, value }: EnvironmentVariable, version: EtcdVersion): string {
  return isAtLeast(version, '3.5.0')
    ? 'unrecognized environment variable'
    : `unrecognized environment variable ${name}=${value}`;
}

function emptyVariable(variable: EnvironmentVariable, version: EtcdVersion): SettingsProblem {
  return {
    kind: 'empty-variable',
    name: variable.name,
    why: 'empty-variable',
    etcdSays: unrecognised(variable, version),
    ...place(variable.location),
  };
}

/** etcd looks for it only after all variables were read (pkg/flags/flag.go verifyEnv). */
function conflict({ name, location }: EnvironmentVariable, version: EtcdVersion): SettingsProblem {
  if (!isAtLeast(version, '3.4.0')) {
    return {
      kind: 'without-effect',
      name,
      why: 'shadowed-by-flag',
      etcdSays: `recognized environment variable ${name}, but unused: shadowed by corresponding flag`,
      ...place(location),
    };
  }
  return {
    kind: 'refused-at-start',
    name,
    why: 'conflicts-with-flag',
    etcdSays: conflictWords(name, version),
    ...place(location),
  };
}

function conflictWords(name: string, version: EtcdVersion): string {
  return isAtLeast(version, '3.5.0')
    ? 'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))'
    : `conflicting environment variable ${quote(name)} is shadowed by corresponding command-line flag (either unset environment variable or disable flag)`;
}

function unreadable(
  { name, value, location }: EnvironmentVariable,
  error: string,
): SettingsProblem {
  return {
    kind: 'refused-at-start',
    name,
    why:
      error === 'parse error' && /^(yes|no|on|off)$/i.test(value)
        ? 'no-boolean'
        : 'unreadable-variable',
    etcdSays: `invalid value ${quote(value)} for ${name}: ${error}`,
    ...place(location),
  };
}
