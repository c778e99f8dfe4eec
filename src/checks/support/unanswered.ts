import { type HasTarget, inconclusive, type Verdict } from '../../model/check.ts';
import type {
  ListedMember,
  MemberListObservation,
  ProcessObservation,
  StatusObservation,
} from '../../model/live.ts';
import { type Target, wholeCluster } from '../../model/target.ts';
import { currentLists } from '../../deployment/leaders.ts';
import { listedMembers, nameOf } from '../../deployment/member-lists.ts';

/** The code of a call that failed, as the end of a sentence. */
export function because(code: string | undefined): string {
  return code === undefined ? '' : ` (${code})`;
}

/** An endpoint that did not answer what a check asks. */
export interface Silent {
  readonly target: Target;
  /** Why nothing is known, as an answer. */
  readonly unanswered: Verdict;
}

/** Whether a subject is an endpoint that gave no answer. */
export function isSilent(subject: HasTarget | Silent): subject is Silent {
  return 'unanswered' in subject;
}

/** Each endpoint once that was asked for the member list, where not one gave it. */
export function withoutMemberList(lists: readonly MemberListObservation[]): readonly Silent[] {
  if (lists.some(({ outcome }) => outcome === 'answered')) return [];
  const byUrl = new Map(lists.map((list) => [list.target.name, list]));
  return [...byUrl.values()].map(({ target, code }) => ({
    target,
    unanswered: inconclusive(`${target.name} did not give its member list${because(code)}`),
  }));
}

interface Lists {
  readonly memberLists: readonly MemberListObservation[];
  readonly statuses?: readonly StatusObservation[];
}

/** Each member of the member lists, and each endpoint that did not give its list where none did. */
export function membersInLists(
  seen: Lists,
): readonly (Silent | { readonly target: Target; readonly listed: ListedMember })[] {
  const listed = listedMembers(currentLists(seen)).map((member) => ({
    target: { ...wholeCluster, name: `member ${nameOf(member)}` },
    listed: member,
  }));
  return [...withoutMemberList(seen.memberLists), ...listed];
}

/** Processes of which each page failed that starts like this, or each page at all where none does. */
export function withoutPage(
  processes: readonly ProcessObservation[],
  start: string,
): readonly Silent[] {
  return processes.flatMap(({ target, pages }) => {
    const own = pages.filter(({ path }) => path.startsWith(start));
    const asked = own.length > 0 ? own : pages;
    if (asked.length === 0 || asked.some(({ outcome }) => outcome === 'answered')) return [];
    const code = because(asked[0]?.code);
    return [{ target, unanswered: inconclusive(`${target.name} did not give ${start}${code}`) }];
  });
}
