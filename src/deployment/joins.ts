import { cannotFetch, joins } from '../etcd/find-url-problems.ts';
import { problem } from '../etcd/settings-problem.ts';
import type { Member } from '../model/inventory.ts';
import type { Problems } from '../model/settings-problem.ts';
import { enumerate } from '../model/words.ts';
import { byStart } from './roles/first-start.ts';

/**
 * Adds the problems that only the settings of several members show: a member that joins with an empty data
 * directory asks the others in its list for the cluster, and refuses one whose members are not those of its list (etcdserver
 * bootstrap.go bootstrapExistingClusterNoWAL; seen of 3.4.23, 3.5.30 and 3.6.16).
 */
export function withJoins(members: readonly Member[]): readonly Member[] {
  const joining = members.filter(isJoining);
  if (joining.length === 0) return members;
  const stuck = withoutCluster(members);
  return members.map((member) => {
    if (!isJoining(member)) return member;
    const found = stuck.has(member) ? joinsJoining(member) : lacksMembers(member, members);
    return found.length === 0
      ? member
      : { ...member, problems: [...member.problems, ...byStart(found, member.started)] };
  });
}

/** Whether a member may yet have to join, with a list that is known. */
function isJoining({ known, settings, started }: Member): boolean {
  const { initialCluster } = settings;
  const isListed = initialCluster !== undefined && initialCluster.origin.via !== 'assumed';
  return known === 'settings' && joins(settings) && started !== true && isListed;
}

/** Joining members that no chain of lists leads to a member which forms a cluster or may have one. */
function withoutCluster(members: readonly Member[]): ReadonlySet<Member> {
  const stuck = new Set(members.filter(isJoining));
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size;
    for (const member of stuck) {
      const others = othersOf(member, members);
      if (others.length === 0 || others.some((other) => other === undefined || !stuck.has(other)))
        stuck.delete(member);
    }
  }
  return stuck;
}

/** The members that a list names next to the member itself; undefined for one that was not given. */
function othersOf(member: Member, members: readonly Member[]): readonly (Member | undefined)[] {
  const own = new Set(member.settings.initialAdvertisePeerUrls.value);
  return entriesOf(member)
    .filter(({ name, url }) => name !== member.settings.name?.value && !own.has(url))
    .map(({ url }) => members.find((other) => advertises(other, url)));
}

function entriesOf({ settings }: Member) {
  return settings.initialCluster?.value ?? [];
}

function advertises({ settings }: Member, url: string): boolean {
  return settings.initialAdvertisePeerUrls.value.includes(url);
}

function joinsJoining({ settings }: Member): Problems {
  const { initialClusterState: state } = settings;
  if (state === undefined) return [];
  return [problem('refused-at-start', state, 'joins-joining-members', cannotFetch)];
}

function lacksMembers(member: Member, members: readonly Member[]): Problems {
  // A list without any other member is a problem of its own.
  if (member.problems.some(({ why }) => why === 'joins-without-others')) return [];
  const { initialCluster } = member.settings;
  const lacking = members.filter((other) => other !== member && isLacking(member, other));
  if (initialCluster === undefined || lacking.length === 0) return [];
  const names = enumerate(
    lacking.map(({ name }) => name),
    4,
  );
  const says = 'error validating peerURLs …: member count is unequal';
  return [problem('refused-at-start', initialCluster, 'joins-without-member', says, { names })];
}

/** Another member of the cluster that a list lacks, and that cannot have joined later. */
function isLacking(member: Member, other: Member): boolean {
  const [own, theirs] = [entriesOf(member), entriesOf(other)];
  if (other.known !== 'settings' || own.some(({ url }) => advertises(other, url))) return false;
  if (own.some(({ name }) => name === other.settings.name?.value)) return false;
  if (!theirs.some(({ url }) => own.some((each) => each.url === url))) return false;
  return !isJoining(other) || !theirs.some(({ url }) => advertises(member, url));
}
