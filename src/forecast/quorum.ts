import type { Edge } from '../model/forecast.ts';

/** What a cluster's peer handshakes make of its quorum. */
export interface QuorumOutlook {
  /** Whether some member reaches enough others to lead. */
  readonly hasQuorum: boolean;
  /** Peer handshakes that will not be made, of all that are tried. */
  readonly refused: readonly Edge[];
  readonly total: number;
  /** Pairs that hold together by one direction alone: healthy to look at. */
  readonly oneWay: readonly (readonly [string, string])[];
  /** Pairs between which neither direction works. */
  readonly severed: readonly (readonly [string, string])[];
  /** Members whose loss costs the quorum though the others are up, while a sound cluster would keep it. */
  readonly indispensable: readonly string[];
}

/**
 * One working direction is enough for a pair: over a connection that either of them opened, raft's
 * messages go both ways (a stream to read from, a pipeline to post to). Not sure counts as working.
 */
export function quorumOutlook(edges: readonly Edge[], members: readonly string[]): QuorumOutlook {
  const peers = edges.filter(({ edge }) => edge === 'peer');
  const links = linksOf(peers);
  const works = (from: string, to: string) => links.get(from)?.has(to) === true;
  const pairs = pairsOf(members);
  const others = (name: string) => members.filter((member) => member !== name);
  const hasQuorum = canLead(members, members.length, works);
  const toleratesLoss = members.length > 2;

  return {
    hasQuorum,
    refused: peers.filter(({ outcome }) => outcome === 'refused'),
    total: peers.length,
    oneWay: pairs.filter(([left, right]) => works(left, right) !== works(right, left)),
    severed: pairs.filter(([left, right]) => !works(left, right) && !works(right, left)),
    indispensable:
      hasQuorum && toleratesLoss
        ? members.filter((name) => !canLead(others(name), members.length, works))
        : [],
  };
}

/** From a member to those that it can dial. A member with several URLs is reached if one of them works. */
function linksOf(peers: readonly Edge[]): ReadonlyMap<string, ReadonlySet<string>> {
  const links = new Map<string, Set<string>>();
  for (const { from, member, outcome } of peers) {
    if (member === undefined || outcome === 'refused') continue;
    links.set(from, (links.get(from) ?? new Set()).add(member));
  }
  return links;
}

/** Whether one of those who are up is linked with a majority of all members, itself counted. */
function canLead(
  up: readonly string[],
  size: number,
  works: (from: string, to: string) => boolean,
): boolean {
  const majority = Math.floor(size / 2) + 1;
  return up.some((leader) => {
    let linked = 1;
    let left = up.length;
    for (const other of up) {
      if (linked >= majority || linked + left < majority) break;
      left -= 1;
      if (other !== leader && (works(leader, other) || works(other, leader))) linked += 1;
    }
    return linked >= majority;
  });
}

/** Whether all members together hold quorum where these connections work. */
export function canBeLed(
  members: readonly string[],
  works: (from: string, to: string) => boolean,
): boolean {
  return canLead(members, members.length, works);
}

function pairsOf(members: readonly string[]): readonly (readonly [string, string])[] {
  return members.flatMap((left, index) =>
    members.slice(index + 1).map((right) => [left, right] as const),
  );
}

/** Whether those who are up hold quorum in a cluster of the size that all its members make. */
export function keepsQuorum(
  edges: readonly Edge[],
  members: readonly string[],
  down: readonly string[] = [],
): boolean {
  const links = linksOf(edges.filter(({ edge }) => edge === 'peer'));
  const up = members.filter((name) => !down.includes(name));
  return canLead(up, members.length, (from, to) => links.get(from)?.has(to) === true);
}

/** Members that no possible leader is linked with: whatever they are, they do not become ready. */
export function membersCutOff(
  edges: readonly Edge[],
  members: readonly string[],
): readonly string[] {
  const links = linksOf(edges.filter(({ edge }) => edge === 'peer'));
  const works = (from: string, to: string) => links.get(from)?.has(to) === true;
  const areLinked = (left: string, right: string) => works(left, right) || works(right, left);
  const majority = Math.floor(members.length / 2) + 1;
  const leaders = members.filter(
    (leader) =>
      members.filter((other) => other === leader || areLinked(leader, other)).length >= majority,
  );
  return members.filter(
    (member) => !leaders.some((leader) => leader === member || areLinked(leader, member)),
  );
}
