import type { Decoded } from './decode.ts';
import type { PolicyMapping } from './extension-values.ts';
import { groupBy } from '../model/group-by.ts';

/** anyPolicy, 2.5.29.32.0, as content octets. */
const anyPolicy = 'U\u001d \u0000';

/** One policy at one depth of the graph of RFC 9618. */
class PolicyNode {
  expected: readonly string[];
  readonly parents = new Set<PolicyNode>();
  readonly children = new Set<PolicyNode>();
  readonly policy: string;

  constructor(policy: string, parents: readonly PolicyNode[]) {
    this.policy = policy;
    this.expected = [policy];
    for (const parent of parents) {
      parent.children.add(this);
      this.parents.add(parent);
    }
  }

  detach(): void {
    for (const parent of this.parents) parent.children.delete(this);
    for (const child of this.children) child.parents.delete(this);
  }
}

type Stratum = Map<string, PolicyNode>;

class PolicyGraph {
  readonly #strata: Stratum[] = [new Map([[anyPolicy, new PolicyNode(anyPolicy, [])]])];

  get leaves(): Stratum {
    return this.#strata.at(-1) ?? new Map<string, PolicyNode>();
  }

  /** RFC 9618, 5.4: the policies of the next certificate below. */
  descend(policies: readonly string[], mayUseAny: boolean): void {
    const above = this.leaves;
    const leaves: Stratum = new Map();
    this.#strata.push(leaves);
    const expecting = indexByExpected(above);
    const anyParent = above.get(anyPolicy);
    for (const policy of policies) {
      if (policy === anyPolicy) continue;
      const parents = expecting.get(policy) ?? (anyParent === undefined ? [] : [anyParent]);
      if (parents.length > 0) leaves.set(policy, new PolicyNode(policy, parents));
    }
    if (policies.includes(anyPolicy) && mayUseAny) {
      for (const [policy, parents] of expecting) {
        if (!leaves.has(policy)) leaves.set(policy, new PolicyNode(policy, parents));
      }
    }
    this.prune();
  }

  /** RFC 9618, 5.5 (b): what policies are called below. */
  map(mappings: readonly PolicyMapping[], isAllowed: boolean): void {
    if (!isAllowed) {
      for (const { issuer } of mappings) {
        this.leaves.get(issuer)?.detach();
        this.leaves.delete(issuer);
      }
      this.prune();
      return;
    }
    for (const issuer of new Set(mappings.map((mapping) => mapping.issuer))) {
      const node = this.leaves.get(issuer) ?? this.#makeMapped(issuer);
      const own = mappings.filter((mapping) => mapping.issuer === issuer);
      if (node !== undefined) node.expected = own.map(({ subject }) => subject);
    }
  }

  #makeMapped(issuer: string): PolicyNode | undefined {
    const any = this.leaves.get(anyPolicy);
    if (any === undefined) return undefined;
    const node = new PolicyNode(issuer, [any]);
    this.leaves.set(issuer, node);
    return node;
  }

  prune(): void {
    for (const stratum of this.#strata.slice(1, -1).toReversed()) {
      for (const [policy, node] of stratum) {
        if (node.children.size > 0) continue;
        node.detach();
        stratum.delete(policy);
      }
    }
  }

  /** Whether any policy is left that the whole chain was issued under. */
  hasValidPolicy(): boolean {
    if (this.leaves.has(anyPolicy)) return true;
    return this.#strata.some((stratum) =>
      [...stratum.values()].some(
        ({ policy, parents }) =>
          policy !== anyPolicy &&
          parents.size === 1 &&
          [...parents].every((parent) => parent.policy === anyPolicy),
      ),
    );
  }
}

function indexByExpected(stratum: Stratum): ReadonlyMap<string, readonly PolicyNode[]> {
  const expecting = [...stratum.values()].flatMap((node) =>
    [...node.expected].map((policy) => ({ policy, node })),
  );
  return groupBy(
    expecting,
    ({ policy }) => policy,
    ({ node }) => node,
  );
}

/** How many certificates remain until each rule holds. */
interface Counters {
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
}

/** RFC 5280, section 6.1 as corrected by RFC 9618, for any initial policy. Leaf first. */
export function hasValidPolicies(chain: readonly Decoded[]): boolean {
  const count = chain.length - 1;
  const counters: Counters = {
    explicitPolicy: count + 1,
    policyMapping: count + 1,
    inhibitAnyPolicy: count + 1,
  };
  let graph: PolicyGraph | undefined = new PolicyGraph();
  for (let index = count - 1; index >= 0; index -= 1) {
    const certificate = chain[index];
    if (certificate === undefined) break;
    if (certificate.policies.length === 0) graph = undefined;
    if (graph === undefined && counters.explicitPolicy === 0) return false;
    if (graph !== undefined && !descend(graph, certificate, index, counters)) return false;
    if (index > 0) countDown(counters, certificate);
  }
  return count < 1 || isAcceptable(graph, chain[0], counters);
}

function isSelfIssued({ issuer, subject }: Decoded): boolean {
  return issuer.raw === subject.raw;
}

/** False for a mapping of or to anyPolicy. */
function descend(
  graph: PolicyGraph,
  certificate: Decoded,
  index: number,
  { inhibitAnyPolicy, policyMapping }: Counters,
): boolean {
  const mayUseAny = inhibitAnyPolicy > 0 || (index > 0 && isSelfIssued(certificate));
  graph.descend(certificate.policies, mayUseAny);
  const { policyMappings } = certificate;
  if (index === 0 || policyMappings.length === 0) return true;

  const isAllowed = policyMapping > 0;
  const mapsAny = policyMappings.some(
    ({ issuer, subject }) => issuer === anyPolicy || subject === anyPolicy,
  );
  if (isAllowed && mapsAny) return false;
  graph.map(policyMappings, isAllowed);
  return true;
}

function countDown(counters: Counters, certificate: Decoded): void {
  if (!isSelfIssued(certificate)) {
    counters.explicitPolicy = Math.max(counters.explicitPolicy - 1, 0);
    counters.policyMapping = Math.max(counters.policyMapping - 1, 0);
    counters.inhibitAnyPolicy = Math.max(counters.inhibitAnyPolicy - 1, 0);
  }
  counters.explicitPolicy = lower(counters.explicitPolicy, certificate.requireExplicitPolicy);
  counters.policyMapping = lower(counters.policyMapping, certificate.inhibitPolicyMapping);
  counters.inhibitAnyPolicy = lower(counters.inhibitAnyPolicy, certificate.inhibitAnyPolicy);
}

/** Go passes over negative numbers. */
function lower(counter: number, limit: bigint | undefined): number {
  return limit !== undefined && limit >= 0n && limit < BigInt(counter) ? Number(limit) : counter;
}

function isAcceptable(
  graph: PolicyGraph | undefined,
  leaf: Decoded | undefined,
  { explicitPolicy }: Counters,
): boolean {
  const isRequired = explicitPolicy <= 1 || leaf?.requireExplicitPolicy === 0n;
  return !isRequired || graph?.hasValidPolicy() === true;
}
