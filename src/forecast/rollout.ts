import { byCluster } from '../model/clusters.ts';
import type { Deployment } from '../model/deployment.ts';
import type { Edge } from '../model/forecast.ts';
import type { Client, Member } from '../model/inventory.ts';
import { forecast } from './forecast.ts';
import { keepsQuorum } from './quorum.ts';
import {
  afterRestart,
  afterWriting,
  clientsReplaced,
  hasOtherPeerUrls,
  type Replacement,
  successorOf,
  suffixed,
} from './replacement.ts';

/** One moment of a rolling replacement. */
export interface RolloutStep {
  /** The member that is being replaced; absent when the clients are. */
  readonly member?: string;
  /**
   * `files-written`: new leaf certificates and CRLs are in force at once, since etcd reads them for every
   * handshake; its CA file it read when it started. `restarted`: all is new there.
   */
  readonly phase: 'files-written' | 'restarted' | 'clients-replaced';
  /** Handshakes that ought to succeed and are refused now. */
  readonly broken: readonly Edge[];
  readonly quorum: 'kept' | 'lost';
  /** For a restart: whether the others hold quorum while this member is down. */
  readonly quorumWhileDown?: 'kept' | 'lost';
}

export interface Rollout {
  readonly order: readonly string[];
  readonly steps: readonly RolloutStep[];
  /** What stays broken when all is done. */
  readonly broken: readonly Edge[];
  readonly keepsQuorum: boolean;
  /** Members that have other peer URLs in the new set. */
  readonly moved: readonly string[];
}

/**
 * What happens to each handshake while the members of one set are replaced by those of another, one
 * after the other, the clients last. Pure. Members that the new set does not have stay as they are.
 */
export function rollout(
  before: Deployment,
  after: Deployment,
  order: readonly string[] = namesOf(before),
): Rollout {
  const clusters = byCluster(before).map(namesOf);
  const names = namesOf(before);
  const plan: Replacement = { old: before, new: suffixed(inClustersOf(before, after)) };
  const steps: RolloutStep[] = [];
  const done: string[] = [];

  for (const member of order) {
    if (!hasMember(after, member)) continue;
    if (names.length > 1) {
      steps.push(
        judge(afterWriting(plan, done, member), clusters, { member, phase: 'files-written' }),
      );
    }
    const down = afterWriting(plan, done, member);
    const own = clusters.find((cluster) => cluster.includes(member)) ?? names;
    const quorumWhileDown = word(keepsQuorum(forecast(down), own, [member]));
    done.push(member);
    steps.push({
      ...judge(afterRestart(plan, done), clusters, { member, phase: 'restarted' }),
      // A cluster of one or two members has none to keep while one of them is down.
      ...(own.length > 2 && { quorumWhileDown }),
    });
  }
  const end = clientsReplaced(plan, done);
  const last = judge(end, clusters, { phase: 'clients-replaced' });
  return {
    order,
    steps: [...steps, last],
    broken: last.broken,
    moved: (before.facts.members ?? []).flatMap((member) => {
      const successor = order.includes(member.name) ? successorOf(plan, member) : undefined;
      return successor !== undefined && hasOtherPeerUrls(member, successor) ? [member.name] : [];
    }),
    keepsQuorum: steps.every(
      ({ quorum, quorumWhileDown }) => quorum === 'kept' && quorumWhileDown !== 'lost',
    ),
  };
}

/** The new set in the clusters of the old: a set of one cluster alone does not show that there are others. */
function inClustersOf(before: Deployment, after: Deployment): Deployment {
  const { members: oldMembers = [], clients: oldClients = [] } = before.facts;
  const first = oldMembers[0]?.cluster;
  const clusterIn = (old: readonly (Member | Client)[], { name }: { readonly name: string }) => {
    const cluster = old.find((each) => each.name === name)?.cluster ?? first;
    return cluster === undefined ? {} : { cluster };
  };
  const { members, clients } = after.facts;
  return {
    ...after,
    facts: {
      ...after.facts,
      ...(members && {
        members: members.map(({ cluster: _ofSet, ...member }) => ({
          ...member,
          ...clusterIn(oldMembers, member),
        })),
      }),
      ...(clients && {
        clients: clients.map(({ cluster: _ofSet, ...client }) => ({
          ...client,
          ...clusterIn(oldClients, client),
        })),
      }),
    },
  };
}

function judge(
  evidence: Deployment,
  clusters: readonly (readonly string[])[],
  step: Pick<RolloutStep, 'member' | 'phase'>,
): RolloutStep {
  const edges = forecast(evidence);
  const broken = edges.filter(
    ({ wanted, outcome }) => wanted === 'accepted' && outcome === 'refused',
  );
  return { ...step, broken, quorum: word(clusters.every((names) => keepsQuorum(edges, names))) };
}

function word(kept: boolean): 'kept' | 'lost' {
  return kept ? 'kept' : 'lost';
}

/**
 * The first order that keeps quorum throughout, the given one if it does; undefined when none does.
 * Tries every order of up to five members, and beyond that every rotation of the given one.
 */
export function orderThatKeepsQuorum(
  before: Deployment,
  after: Deployment,
  preferred: readonly string[] = namesOf(before),
): Rollout | undefined {
  for (const order of candidateOrders(preferred)) {
    const attempt = rollout(before, after, order);
    if (attempt.keepsQuorum) return attempt;
  }
  return undefined;
}

function candidateOrders(preferred: readonly string[]): readonly (readonly string[])[] {
  if (preferred.length <= 5) return permutations(preferred);
  return preferred.map((_, index) => [...preferred.slice(index), ...preferred.slice(0, index)]);
}

function permutations(items: readonly string[]): readonly (readonly string[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((first, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

function namesOf({ facts }: Deployment): readonly string[] {
  return (facts.members ?? []).map(({ name }) => name);
}

function hasMember({ facts }: Deployment, wanted: string): boolean {
  return facts.members?.some(({ name }) => name === wanted) === true;
}
