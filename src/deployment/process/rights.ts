import { posix } from 'node:path';
import { defined } from '../../model/defined.ts';
import type { FileFact } from '../../model/files.ts';
import type { HostFact } from '../../model/host-facts.ts';
import type { MemberDraft, StartedProcess } from '../../model/draft.ts';
import type { FileMatch } from '../../model/inventory.ts';
import { withoutHost } from '../relocate.ts';
import { type Access, accessTo, accessToFileOpenedByRoot, type MetFile } from './access.ts';
import { type Account, accountOf, type LimitedAccount } from './account.ts';
import { runsAsRoot } from '../../etcd/images.ts';
import { mountOf, placeOf, type ProcessView } from './place.ts';
import { fromDirectory, startOf } from './start.ts';

/** What a process may open, and what it sees. */
export interface ProcessRights {
  readonly account: Account;
  readonly view: ProcessView;
  readonly host?: HostFact;
}

/** What is known of a process, whether a member's or a client's. */
type KnownProcess = Partial<StartedProcess> &
  Pick<MemberDraft, 'mounts'> & { readonly host?: string };

export function processOf(known: KnownProcess, hosts: readonly HostFact[]): ProcessRights {
  const { mounts, directives = [], container, directory, partial = true, kind } = known;
  const host = hosts.find((each) => each.host === known.host);
  const account = accountOf({
    directives,
    isContained: container !== undefined,
    isRootByDefault:
      container === undefined ? kind === 'systemd' && !partial : runsAsRoot(container.image),
    ...(host !== undefined && { host }),
  });
  const isRoot = account.kind === 'root';
  return {
    account,
    view: { mounts, isRoot, start: startOf(known), ...defined({ container, directory }) },
    ...(host !== undefined && { host }),
  };
}

/** The files given, by their paths. */
type FilesByPath = ReadonlyMap<string, FileFact>;

/**
 * A match with what keeps the process from the file. Owners and modes are judged of files that were read where
 * the process opens them: a copy has whatever owner copied it.
 */
export function withAccess(
  match: FileMatch,
  process: ProcessRights,
  files: FilesByPath,
): FileMatch {
  const { account } = process;
  if (account.kind !== 'limited' || match.barrier !== undefined) return match;
  const access = accessOf(match, account, process, files);
  switch (access?.kind) {
    case 'denied':
      return { ...match, barrier: access.barrier };
    case 'unknown':
      return { ...match, doubt: access.doubt };
    case 'granted':
    case undefined:
      return match;
  }
}

/** Whether the owner and mode of a file were seen where the process opens it, or are stated. */
export function isSeen(match: FileMatch, process: ProcessRights, files: FilesByPath): boolean {
  const { account } = process;
  return (
    match.barrier !== undefined ||
    account.kind !== 'limited' ||
    accessOf(match, account, process, files) !== undefined
  );
}

function accessOf(
  match: FileMatch,
  account: LimitedAccount,
  process: ProcessRights,
  files: FilesByPath,
): Access | undefined {
  const deployed = fromDirectory(match.deployed, process.view);
  const mount = mountOf(deployed, process.view.mounts ?? []);
  if (mount?.name === 'LoadCredential') return { kind: 'granted' };
  if (mount?.mode === undefined) {
    const met = metFile(match, process, files);
    return met && process.host && accessTo(met, account, process.host);
  }
  const { name: setting, location } = mount;
  const said = { ...(setting !== undefined && { setting }), ...(location && { location }) };
  return accessToFileOpenedByRoot({ deployed, mode: mount.mode, setting: said }, account);
}

/** The file that was read, where it was read under the path by which the process opens it. */
function metFile(
  { deployed: written, file }: FileMatch,
  { view, host }: ProcessRights,
  files: FilesByPath,
): MetFile | undefined {
  const deployed = fromDirectory(written, view);
  const fact = files.get(file ?? '');
  if (host === undefined || fact === undefined) return undefined;
  const place = placeOf(deployed, view);
  const path = place.kind === 'outside' ? place.path : deployed;
  const read = posix.resolve(host.workingDirectory, withoutHost(fact.path));
  const { uid, gid, mode } = fact;
  if (uid === undefined || gid === undefined || mode === undefined) return undefined;
  return read === posix.normalize(path) ? { deployed, path, uid, gid, mode } : undefined;
}
