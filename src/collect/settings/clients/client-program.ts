import { defined } from '../../../model/defined.ts';
import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import {
  clientOf,
  gatheredList,
  settingOf,
  type SettingNames,
  type ReadList,
  splitList,
  switchOf,
  tlsFiles,
  withScheme,
} from './client-settings.ts';
import { textsApart } from './inline-text.ts';
import type { Problems } from '../../../model/settings-problem.ts';

/** Where a program takes what it needs to dial etcd, on its command line and in its environment. */
export interface ClientProgram {
  readonly kind: string;
  readonly endpoints: SettingNames;
  readonly ca: SettingNames;
  readonly cert: SettingNames;
  readonly key: SettingNames;
  readonly serverName?: SettingNames;
  readonly skipVerify?: SettingNames;
  /** What switches on, where that differs from what Go's strconv.ParseBool accepts as true. */
  readonly on?: RegExp;
  /** Whether the flag of the endpoints adds to them each time that it is given. */
  readonly gathers?: boolean;
  /** How the comma list of the endpoints is read, where blanks around its items are no part of them. */
  readonly list?: ReadList;
  /** Whether the three files may be given by their text. */
  readonly takesText?: boolean;
  /** The process as the program reads it, where that differs from what is written. */
  readonly asRead?: (process: Process) => Process;
  /** Where others use the same names: whether it is this program. */
  readonly isMeant?: (process: Process) => boolean;
}

/** The client that a process is or has by a program's names, without further rules. */
export function readClient(given: Process, program: ClientProgram): readonly ClientDraft[] {
  if (program.isMeant?.(given) === false) return [];
  const process = program.asRead?.(given) ?? given;
  const endpoints = endpointsOf(process, program);
  if (endpoints === undefined) return [];
  const paths = tlsFiles(process, program);
  const { files, embedded } =
    program.takesText === true
      ? textsApart(paths, process.origin.file)
      : { files: paths, embedded: [] };
  const insecureSkipVerify = skipOf(process, program);
  const encrypted = Object.keys(files).length > 0 || insecureSkipVerify?.value === true;
  const client = clientOf(
    process,
    defined({
      name: program.kind,
      kind: program.kind,
      endpoints: withScheme(endpoints, encrypted),
      ...files,
      serverName: optional(process, program.serverName),
      insecureSkipVerify,
      verifier: 'go' as const,
      speaks: 'grpc' as const,
    }),
    halfPair(program.kind, files),
  );
  return [{ ...client, embedded }];
}

function skipOf(process: Process, { skipVerify, on }: ClientProgram) {
  return skipVerify === undefined ? undefined : switchOf(process, skipVerify, on);
}

/** Undefined also for k3s and its like on a database of another kind. */
function endpointsOf(
  process: Process,
  { endpoints: names, gathers, list = splitList }: ClientProgram,
): Setting<readonly string[]> | undefined {
  if (gathers === true) return gatheredList(process, names, list);
  const setting = settingOf(process, names);
  const isOther = /^(?:mysql|postgres|sqlite|nats|http3):/.test(setting?.value ?? '');
  return setting === undefined || isOther ? undefined : list(setting);
}

function optional(process: Process, names: SettingNames | undefined) {
  return names === undefined ? undefined : settingOf(process, names);
}

/** A certificate without its key, or the reverse, is of no use. */
function halfPair(
  client: string,
  { certFile, keyFile }: Pick<ClientDraft, 'certFile' | 'keyFile'>,
): Problems {
  const given: readonly Setting<string>[] = [certFile, keyFile].filter(
    (file) => file !== undefined,
  );
  const [only] = given;
  if (only === undefined || given.length === 2) return [];
  const missing = certFile === undefined ? 'certificate' : 'key';
  return [problem('without-effect', only, 'lone-file', undefined, { client, missing })];
}
