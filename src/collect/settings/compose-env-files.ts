import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, itemsOf, textOf } from './document.ts';
import { missingOf, readForCompose, readForDocker } from './environment-file.ts';
import type { SettingsContext } from './settings-context.ts';
import type { ShellVariable } from './shell/run.ts';
import { unreadAt } from './unread-at.ts';

/** What a service's `env_file` comes to (https://docs.docker.com/reference/compose-file/services/#env_file). */
export interface EnvironmentFiles {
  readonly variables: readonly ShellVariable[];
  readonly given: readonly string[];
  readonly missing: readonly string[];
  /** Missing files without which Compose starts the service nevertheless. */
  readonly absent: readonly string[];
  readonly doubts: readonly UnreadText[];
}

interface Entry {
  readonly path: string;
  readonly file: TextFile | undefined;
  readonly format: string | undefined;
  readonly isOptional: boolean;
}

export function environmentFilesOf(
  service: DocumentNode,
  context: SettingsContext,
  interpolate: (text: string) => string,
): EnvironmentFiles {
  const node = at(service, 'env_file');
  const one = textOf(node) === undefined ? itemsOf(node) : node === undefined ? [] : [node];
  const entries = one.flatMap((item): readonly Entry[] => {
    const written = textOf(item) ?? textOf(at(item, 'path'));
    if (written === undefined) return [];
    const path = interpolate(written);
    const file = context.find(path, service.location.file);
    const isOptional = textOf(at(item, 'required')) === 'false';
    return [{ path, file, isOptional, format: textOf(at(item, 'format')) }];
  });
  // What is read last counts.
  const last = [...new Map(entries.toReversed().map((each) => [each.path, each])).values()];
  const given = last.toReversed().filter(({ file }) => file !== undefined);
  const missing = missingOf(entries);
  const optional = new Set(entries.flatMap(({ path, isOptional }) => (isOptional ? [path] : [])));
  const open = (reason: string, give?: string) => {
    const { file, line } = node?.location ?? service.location;
    return unreadAt(file, line, reason, give);
  };
  return {
    variables: given.flatMap(variablesIn),
    given: given.flatMap(({ file }) => file?.path ?? []),
    missing,
    absent: missing.filter((path) => optional.has(path)),
    doubts: [
      ...missing
        .filter((path) => !optional.has(path))
        .map((path) =>
          open(`the service needs ${path}, which was not given`, `give ${path} as well`),
        ),
      ...entries.flatMap(({ format = 'raw', path }) =>
        format === 'raw' ? [] : [open(`Compose has no format ${format} for ${path}`)],
      ),
    ],
  };
}

/** `raw` is read as `docker run --env-file` reads it, quotes included (docker/cli pkg/kvfile). */
function variablesIn({ file, format }: Entry): readonly ShellVariable[] {
  if (file === undefined) return [];
  return format === undefined ? readForCompose(file) : readForDocker(file);
}
