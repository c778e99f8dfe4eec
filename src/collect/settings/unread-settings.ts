import { wordSet } from '../../model/table.ts';
import { isLeftover } from '../../model/leftovers.ts';
import { isOnMachineOf } from '../../model/machine-root.ts';
import type { UnreadText } from '../../model/draft.ts';
import { enumerate } from '../../model/words.ts';
import { argumentsOf, type DraftedMember, processList } from './member-draft.ts';
import { baseName, directoryOf } from '../../deployment/roles/match-files.ts';
import { unreadAt } from './unread-at.ts';

/** Members, and settings files that none of the processes reads. */
export interface ReadByProcesses {
  readonly kept: readonly DraftedMember[];
  readonly left: readonly DraftedMember[];
  readonly unread: readonly UnreadText[];
}

/**
 * A file of settings that no process names makes a member of its own, but not on a machine whose etcd was given as it
 * is started: it is what a package installed, an earlier way to start etcd left behind, or another etcd's.
 */
export function withoutUnread(drafted: readonly DraftedMember[]): ReadByProcesses {
  // Tools write such a file themselves.
  const starters = drafted.filter(
    ({ member: { kind }, isWritten }) => !isAlone(kind) && isWritten === undefined,
  );
  const unread = new Map<DraftedMember, UnreadText>();
  for (const draft of drafted.filter(({ member: { kind } }) => isAlone(kind))) {
    const starter = starters.find((each) => isInPlaceOf(each, draft));
    if (starter !== undefined) unread.set(draft, unreadText(draft, starter));
  }
  for (const draft of drafted.filter(({ member: { kind } }) => kind === processList)) {
    const unit = startedOtherwise(draft, drafted);
    if (unit !== undefined) unread.set(draft, contradiction(draft, unit));
  }
  return {
    kept: drafted.filter((draft) => !unread.has(draft)),
    left: [...unread.keys()],
    unread: [...unread.values()].filter(({ path }) => !isLeftover(path)),
  };
}

/** What is stated of a member that runs under the same name with other arguments: its unit was changed since. */
function startedOtherwise(
  { member, isWritten }: DraftedMember,
  drafted: readonly DraftedMember[],
): DraftedMember | undefined {
  const others = drafted.filter(
    (other) => other.member.kind !== processList && other.member.name === member.name,
  );
  const [only] = others;
  if (member.name === undefined || others.length !== 1 || only === undefined) return undefined;
  return only.member.partial || isWritten?.(only.member) === true ? undefined : only;
}

function contradiction({ member }: DraftedMember, { member: unit }: DraftedMember): UnreadText {
  const { file, line } = member.origin;
  const [runs, stated] = [argumentsOf(member), argumentsOf(unit)];
  const added = runs.filter((word) => !stated.includes(word));
  const absent = stated.filter((word) => !runs.includes(word));
  const differences = [
    ...(added.length > 0 ? [`${enumerate(added)} only here`] : []),
    ...(absent.length > 0 ? [`${enumerate(absent)} only there`] : []),
  ];
  const which = differences.length > 0 ? differences.join(', ') : 'the order differs';
  const name = String(member.name);
  const reason = `${name} runs with other arguments than ${baseName(unit.origin.file)} states (${which})`;
  const give = `restart ${name} and list its processes again, or leave an old list out`;
  return unreadAt(file, line, reason, give);
}

const kindsAlone = wordSet('environment-file etcd-config object-variables');

function isAlone(kind: string): boolean {
  return kindsAlone.has(kind);
}

/** Only pods read what a ConfigMap or Secret holds. */
function isOfObject({ kind, origin: { file } }: DraftedMember['member']): boolean {
  return kind === 'object-variables' || /^(?:configmap|secret)\//.test(file);
}

function isInPlaceOf(
  { member: starter }: DraftedMember,
  { member: alone }: DraftedMember,
): boolean {
  const [own, other] = [alone.origin.file, starter.origin.file];
  if (isOfObject(alone) || isOnMachineOf(own, other)) return true;
  const isSame = alone.name !== undefined && alone.name === starter.name;
  return directoryOf(own) === directoryOf(other) && (isSame || errorIn(alone) !== undefined);
}

function errorIn({ sources }: DraftedMember['member']): string | undefined {
  const [error] = sources.flatMap((source) =>
    source.kind === 'config-file' ? (source.unreadable?.error ?? []) : [],
  );
  return error;
}

function unreadText({ member }: DraftedMember, { member: starter }: DraftedMember): UnreadText {
  const { file, line } = member.origin;
  const error = errorIn(member);
  const problem = error === undefined ? '' : ` (and is not valid YAML: ${error})`;
  const reason = `${baseName(starter.origin.file)} starts etcd without it, and no other process that was given reads it${problem}`;
  return { path: file, ...(line !== undefined && { line }), reason, isUnused: true };
}
