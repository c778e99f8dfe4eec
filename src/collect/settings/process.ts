import type { MemberDraft, Mount, SettingsKind } from '../../model/draft.ts';
import type { EnvironmentVariable, LocatedText, SettingsProblem } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';

/** One program that a settings file starts, whatever kind of file it is. */
export interface Process extends Pick<
  MemberDraft,
  'kind' | 'origin' | 'files' | 'mounts' | 'addresses' | 'hostnames' | 'partial' | 'missingFiles'
> {
  /** What the file calls it: a unit, a container, a service. */
  readonly label?: string;
  /** The program's name without its directory; absent where a file holds variables alone. */
  readonly program?: string;
  /** The command line after the program. */
  readonly words: readonly LocatedText[];
  /** In order, so that the last of equal names counts. */
  readonly variables: readonly EnvironmentVariable[];
  readonly image?: LocatedText;
  readonly problems: readonly SettingsProblem[];
}

/** A process of which nothing is known but where it stands. */
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
  };
}

/** The last value of a variable; undefined when it is not set or empty. */
export function variableOf(
  { variables }: Pick<Process, 'variables'>,
  name: string,
): EnvironmentVariable | undefined {
  const variable = variables.findLast((candidate) => candidate.name === name);
  return variable?.value === '' ? undefined : variable;
}

/** `/usr/local/bin/etcd` is `etcd`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
