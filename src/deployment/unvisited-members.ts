import { listedMembers } from './member-lists.ts';
import type { Assumption } from '../model/basis.ts';
import type { Facts } from '../model/evidence.ts';
import { isAt } from '../model/live.ts';
import { naturally } from '../model/natural-order.ts';
import type { Scope } from '../model/report.ts';
import { enumerate } from '../model/words.ts';

/** Members that `verify` did not connect to: what was seen of the others says nothing of them. */
export function unvisitedMembers(
  { members = [], endpoints = [], memberLists = [] }: Partial<Facts>,
  { kind }: Scope,
): readonly Assumption[] {
  const answered = endpoints.filter(({ speaks }) => speaks !== 'unreachable');
  const isVisited = (name: string, urls: readonly string[] = []): boolean =>
    answered.some(
      ({ endpoint }) =>
        endpoint.member === name || urls.some((url) => isAt(endpoint, { url, member: name })),
    );
  const responding = new Set(memberLists.map(({ respondingMemberId }) => respondingMemberId));
  const started = listedMembers(memberLists).filter(({ name }) => name !== '');
  const unvisited =
    started.length > 0
      ? started.filter(
          ({ id, name, clientUrls }) => !responding.has(id) && !isVisited(name, clientUrls),
        )
      : members.filter(({ name }) => !isVisited(name));
  if (kind === 'client' || answered.length === 0 || unvisited.length === 0) return [];
  const names = enumerate(unvisited.map(({ name }) => name).toSorted(naturally));
  const because = `${names} ${unvisited.length === 1 ? 'was' : 'were'} not connected to`;
  const give = `name the client URLs of ${names} in \`--endpoints\`, or add \`--discover\``;
  return [{ about: names, because, give, notCovered: because }];
}
