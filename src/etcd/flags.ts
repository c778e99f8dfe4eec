import { farthest, nearest } from '../model/nearest.ts';
import { oncePerText } from '../model/once.ts';
import { type FlagKind, flagTable } from './flag-table.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';

/** A flag of the etcd server, whatever its version. */
export interface Flag {
  /** Without dashes: `peer-cert-file`. */
  readonly name: string;
  readonly kind: FlagKind;
  /** First release of each branch that has it; empty when all do that we look at. */
  readonly since: readonly string[];
  /** First release that no longer has it. */
  readonly until?: string;
}

const flags: ReadonlyMap<string, Flag> = new Map(
  flagTable.map(([name, kind, since = '', until]) => [
    name,
    {
      name,
      kind,
      since: since === '' ? [] : since.split(' '),
      ...(until === undefined ? {} : { until }),
    },
  ]),
);

/** The flag of that name in any version from 3.3 on. */
export function flagNamed(name: string): Flag | undefined {
  return flags.get(name);
}

/** Whether a name is that of no flag, and only the beginning of one. */
export function isBeginningOfFlag(name: string | undefined): boolean {
  if (name === undefined || flags.has(name)) return false;
  return [...flags.keys()].some((flag) => flag.startsWith(name));
}

export function knows(version: EtcdVersion, flag: Flag): boolean {
  if (flag.until !== undefined && isAtLeast(version, flag.until)) return false;
  return flag.since.length === 0 || hasSince(version, flag.since);
}

/** In which releases a flag exists, in words: `from 3.4.25 and 3.5.8 on`, `up to 3.3`. */
export function lifetime({ since, until }: Pick<Flag, 'since' | 'until'>): string {
  const from = since.length === 0 ? '' : `from ${since.join(' and ')} on`;
  const to = until === undefined ? '' : `before ${until}`;
  return [from, to].filter((part) => part !== '').join(', ');
}

const prefix = 'ETCD_';

/** As etcd derives it (pkg/flags/flag.go FlagToEnv). */
function variableOf(flagName: string): string {
  return `${prefix}${flagName.toUpperCase().replaceAll('-', '_')}`;
}

/** The flag that a variable sets in any version from 3.3 on. */
export const flagOfVariable = oncePerText((variable): Flag | undefined => {
  const [, name] = /^ETCD_([A-Z0-9_]+)$/.exec(variable) ?? [];
  return name === undefined ? undefined : flags.get(name.toLowerCase().replaceAll('_', '-'));
});

/** The variable this version knows whose name is nearest to one it does not know, if any is near. */
export function nearestVariable(variable: string, version: EtcdVersion): string | undefined {
  const limit = farthest(variable);
  const known = [...flags.values()].filter(
    (flag) =>
      Math.abs(prefix.length + flag.name.length - variable.length) < limit &&
      flag.kind !== 'ignored' &&
      knows(version, flag),
  );
  return nearest(
    variable,
    known.map(({ name }) => variableOf(name)),
  );
}
