import { type Assumption, type Basis, strongest, weakest } from '../model/basis.ts';
import { type Check, inconclusive } from '../model/check.ts';
import type { Facts } from '../model/evidence.ts';
import type { Edge } from '../model/forecast.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { Result, Scope } from '../model/report.ts';
import type { Target } from '../model/target.ts';

/** Facts that say who is who. */
export type Parties = Partial<Pick<Facts, 'members' | 'clients'>>;

/** A result before it is known how much it is worth. */
export type Unsettled = Omit<Result, 'basis'> & { readonly check: Pick<Check, 'decidedBy'> };

/** Members and clients that no settings describe, and what to give so that they are known. */
export function assumptionsOf({ members = [], clients = [] }: Parties): readonly Assumption[] {
  return [...members.flatMap(assumptionAbout), ...clients.flatMap(clientAssumption)];
}

function assumptionAbout({ name, known }: Member): readonly Assumption[] {
  switch (known) {
    case 'settings':
      return [];
    case 'named':
      return [
        {
          about: name,
          because: `the settings and certificates of ${name} were not given`,
          give: `give the files of ${name}: its settings, certificates and CA files`,
        },
      ];
    case 'supposed':
      return [
        {
          about: name,
          because: `the settings of ${name} were not given; mutual TLS on both ports is assumed`,
          give: `give the etcd settings of ${name}: its unit, environment file, manifest or etcd.conf.yml`,
        },
      ];
  }
}

function clientAssumption({ name, known }: Client): readonly Assumption[] {
  if (known === 'settings') return [];
  return [
    {
      about: name,
      because: `no settings use the certificate of ${name}; connections to every member are assumed`,
      give: `give the settings of ${name}, or list it under clients in etcd-tls.yaml`,
    },
  ];
}

/**
 * Says on what each result rests. What an assumption decided is no finding and no pass: it is an open
 * question, or out of scope where certificates alone were given. Supposed clients are shown, never counted.
 */
export function settle(
  results: readonly Unsettled[],
  facts: Parties,
  forecast: readonly Edge[],
  scope: Scope,
): readonly Result[] {
  const lookUp = new BasisOfTargets(facts, forecast);
  const assumptions = new Map(assumptionsOf(facts).map((each) => [each.about, each]));
  return results.map((result) => {
    const { basis, decidedBy = [] } = lookUp.of(result);
    if (basis !== 'assumed' || !isAnswer(result.verdict)) return { ...result, basis };
    const [assumption] = decidedBy.flatMap((name) => assumptions.get(name) ?? []);
    const isOutOfScope =
      lookUp.isSupposedClient(result.target) ||
      (scope.kind === 'certificates' && result.verdict.status === 'pass');
    const verdict = isOutOfScope ? notAsked(assumption) : openQuestion(result.verdict, assumption);
    return { ...result, basis, verdict };
  });
}

type Answer = Extract<Result['verdict'], { readonly status: 'pass' | 'fail' }>;

function isAnswer(verdict: Result['verdict']): verdict is Answer {
  return verdict.status === 'pass' || verdict.status === 'fail';
}

function notAsked(assumption: Assumption | undefined): Result['verdict'] {
  return { status: 'not-applicable', ...(assumption && { because: assumption.because }) };
}

function openQuestion(answer: Answer, assumption: Assumption | undefined): Result['verdict'] {
  const because = assumption?.because ?? 'this rests on what is assumed';
  const told = answer.status === 'fail' ? `${because}; if so: ${answer.message}` : because;
  return inconclusive(told, assumption?.give);
}

interface Worth {
  readonly basis: Basis;
  /** Names of the members or clients that make it an assumption. */
  readonly decidedBy?: readonly string[];
}

/** What is known of targets, worked out once for all results. */
class BasisOfTargets {
  readonly #members: ReadonlyMap<string, Member>;
  readonly #clients: ReadonlyMap<string, Client>;
  readonly #edges: ReadonlyMap<string, Edge>;
  readonly #owners: ReadonlyMap<string, readonly (Member | Client)[]>;

  constructor({ members = [], clients = [] }: Parties, forecast: readonly Edge[]) {
    this.#members = new Map(members.map((member) => [member.name, member]));
    this.#clients = new Map(clients.map((client) => [client.name, client]));
    this.#edges = new Map(forecast.map((edge) => [edge.target.name, edge]));
    const owners = new Map<string, (Member | Client)[]>();
    for (const owner of [...members, ...clients]) {
      for (const { file } of owner.files) {
        if (file === undefined) continue;
        const others = owners.get(file);
        if (others === undefined) owners.set(file, [owner]);
        else others.push(owner);
      }
    }
    this.#owners = owners;
  }

  of({ check, target }: Unsettled): Worth {
    if (check.decidedBy === 'file') return { basis: 'observed' };
    switch (target.kind) {
      case 'edge':
        return this.#ofEdge(target);
      case 'client':
        return worthOf(this.#clients.get(target.name));
      case 'file':
        return this.#ofFile(target);
      case 'member':
      case 'endpoint':
        return worthOf(this.#members.get(target.member ?? target.name));
      case 'cluster':
        return this.#ofCluster();
    }
  }

  isSupposedClient({ kind, name }: Target): boolean {
    if (kind === 'client') return this.#clients.get(name)?.known === 'supposed';
    const from = kind === 'edge' ? this.#edges.get(name)?.from : undefined;
    return from !== undefined && this.#clients.get(from)?.known === 'supposed';
  }

  #ofEdge({ name }: Target): Worth {
    const edge = this.#edges.get(name);
    if (edge === undefined) return { basis: 'stated' };
    const ends = [
      this.#members.get(edge.from) ?? this.#clients.get(edge.from),
      edge.member === undefined ? undefined : this.#members.get(edge.member),
    ].map(worthOf);
    return together(weakest, ends);
  }

  /** A file that any stated party uses is not there by assumption. */
  #ofFile({ name }: Target): Worth {
    const owners = this.#owners.get(name) ?? [];
    return owners.length === 0 ? { basis: 'observed' } : together(strongest, owners.map(worthOf));
  }

  #ofCluster(): Worth {
    const members = [...this.#members.values()];
    return members.length === 0 ? { basis: 'stated' } : together(strongest, members.map(worthOf));
  }
}

function worthOf(party: Member | Client | undefined): Worth {
  if (party === undefined || party.known === 'settings') return { basis: 'stated' };
  return { basis: 'assumed', decidedBy: [party.name] };
}

function together(choose: (...of: readonly Basis[]) => Basis, all: readonly Worth[]): Worth {
  return {
    basis: choose(...all.map(({ basis }) => basis)),
    decidedBy: all.flatMap(({ decidedBy = [] }) => decidedBy),
  };
}
