import { type Assumption, type Basis, strongest, weakest } from '../model/basis.ts';
import { type Check, type Failure, inconclusive } from '../model/check.ts';
import type { Facts } from '../model/evidence.ts';
import type { Edge } from '../model/forecast.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { Result, Scope } from '../model/report.ts';
import { keyOf } from './release-range.ts';
import type { Target } from '../model/target.ts';
import { groupBy } from '../model/group-by.ts';

/** Facts that say who is who. */
export type Parties = Partial<Pick<Facts, 'members' | 'clients'>>;

/** A result before it is known how much it is worth. */
export type Unsettled = Omit<Result, 'basis'> & Pick<Check, 'decidedBy'>;

/** Members and clients that no settings describe, and what to give so that they are known. */
export function assumptionsOf({ members = [], clients = [] }: Parties): readonly Assumption[] {
  return [...members.flatMap(assumptionAbout), ...clients.flatMap(clientAssumption)];
}

function assumptionAbout({
  name,
  known,
  isTooOld,
  assumedSettings,
}: Member): readonly Assumption[] {
  if (isTooOld === true) {
    const because = `the rules of the release that ${name} runs are not known`;
    return [{ about: name, because, give: `give the release of ${name} if it is another one` }];
  }
  switch (known) {
    case 'settings':
      return [];
    case 'named':
    case 'listed':
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
          because: `the settings of ${name} were not given; ${supposition(assumedSettings)}`,
          give: `give the etcd settings of ${name}: its unit, environment file, manifest or etcd.conf.yml`,
        },
      ];
  }
}

function supposition(assumedSettings: string | undefined): string {
  return assumedSettings === undefined
    ? 'mutual TLS on both ports is assumed'
    : `settings ${assumedSettings} are assumed`;
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

/** What rests on the release of etcd or Go. */
export interface OpenByRelease {
  /** Keys of results, or names of edges. */
  readonly keys: ReadonlySet<string>;
  /** What is not known of the release. */
  readonly assumption: Assumption;
}

/** What to settle results by. */
export interface SettleContext {
  readonly facts: Parties;
  readonly edges: readonly Edge[];
  readonly scope: Scope;
  readonly openByRelease: OpenByRelease;
  /** What another release says where it refuses the same for another reason, by key of the result. */
  readonly otherReasons?: ReadonlyMap<string, Failure>;
}

/**
 * Says on what each result rests. What an assumption decided is no finding and no pass: it is an open
 * question, or out of scope where certificates alone were given. Supposed clients are shown, never counted.
 */
export function settle(
  results: readonly Unsettled[],
  { facts, edges, scope, openByRelease, otherReasons }: SettleContext,
): readonly Result[] {
  const lookUp = new BasisOfTargets(facts, edges);
  const assumptions = new Map(assumptionsOf(facts).map((each) => [each.about, each]));
  return results.map((unsettled) => {
    const { decidedBy: decider, ...result } = unsettled;
    const { basis, decidedBy = [] } = lookUp.of(unsettled);
    const isOpen = openByRelease.keys.size > 0 && openByRelease.keys.has(keyOf(result));
    if (basis !== 'assumed') {
      const { assumption } = openByRelease;
      return isOpen
        ? byRelease(result, assumption)
        : { ...withOther(result, assumption, otherReasons), basis };
    }
    const [assumption] = decidedBy.flatMap((name) => assumptions.get(name) ?? []);
    if (decider === 'comparison') return compared(result, assumption);
    const isOutOfScope =
      lookUp.isOfSupposedClient(result.target) ||
      (scope.kind === 'certificates' && !isAboutCertificate(result, isOpen));
    return { ...result, basis, verdict: assumed(result.verdict, assumption, isOutOfScope) };
  });
}

/**
 * A file that would not do for the role that was guessed is worth a question, and so are certificates with which
 * no connection comes about; a port that nothing describes is not.
 */
function isAboutCertificate(
  { target: { kind }, verdict: { status } }: Pick<Unsettled, 'target' | 'verdict'>,
  isOpenByRelease: boolean,
): boolean {
  return (
    (kind === 'file' && status === 'fail') ||
    (kind === 'edge' && (status === 'fail' || isOpenByRelease))
  );
}

function assumed(
  verdict: Result['verdict'],
  assumption: Assumption | undefined,
  isOutOfScope: boolean,
): Result['verdict'] {
  if (isOutOfScope && (isAnswer(verdict) || verdict.status === 'inconclusive')) {
    return { status: 'not-applicable', ...(assumption && { because: assumption.because }) };
  }
  return isAnswer(verdict) ? openQuestion(verdict, assumption) : verdict;
}

/** The running cluster agrees with what was assumed, or one of both is not as it should be. */
function compared(result: Omit<Result, 'basis'>, assumption: Assumption | undefined): Result {
  const { verdict } = result;
  if (verdict.status !== 'fail') return { ...result, basis: 'observed' };
  return { ...result, basis: 'assumed', verdict: openQuestion(verdict, assumption) };
}

function byRelease(result: Omit<Result, 'basis'>, assumption: Assumption): Result {
  const verdict = isAnswer(result.verdict)
    ? openQuestion(result.verdict, assumption)
    : result.verdict;
  return { ...result, basis: 'assumed', verdict };
}

/** Every release refuses the connection, and which reason is the true one depends on the release. */
function withOther(
  result: Omit<Result, 'basis'>,
  { give }: Assumption,
  otherReasons: SettleContext['otherReasons'],
): Omit<Result, 'basis'> {
  const { verdict } = result;
  const other = otherReasons?.get(keyOf(result));
  if (other === undefined || verdict.status !== 'fail') return result;
  return {
    ...result,
    verdict: {
      ...verdict,
      actual: [verdict.actual, other.actual].join('; with another release: '),
      cause: [inFull(verdict), inFull(other)].join('\n'),
      fix: `Find out which applies: ${give}.`,
    },
  };
}

function inFull({ actual = '', cause = '', fix = '' }: Failure): string {
  return `${actual}: ${[cause, fix].filter((part) => part !== '').join('\n')}`;
}

/** Edges with their basis; one that another release decides otherwise is not sure. */
export function settleEdges(
  edges: readonly Edge[],
  facts: Parties,
  { keys, assumption }: OpenByRelease,
): readonly Edge[] {
  const lookUp = new BasisOfTargets(facts, edges);
  return edges.map((edge) => {
    const { basis } = lookUp.ofEdge(edge.target);
    if (!keys.has(edge.target.name)) return { ...edge, basis };
    const dependsOn = [...(edge.dependsOn ?? []), assumption.about];
    return { ...edge, basis: 'assumed', outcome: 'not-sure', dependsOn };
  });
}

type Answer = Extract<Result['verdict'], { readonly status: 'pass' | 'fail' }>;

function isAnswer(verdict: Result['verdict']): verdict is Answer {
  return verdict.status === 'pass' || verdict.status === 'fail';
}

function openQuestion(answer: Answer, assumption: Assumption | undefined): Result['verdict'] {
  const because = assumption?.because ?? 'the result rests on an assumption';
  const reason = answer.status === 'fail' ? `${because}; if so: ${answer.message}` : because;
  return inconclusive(reason, assumption?.give);
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
    const owned = [...members, ...clients].flatMap((owner) =>
      owner.files.flatMap(({ file }) => (file === undefined ? [] : [{ file, owner }])),
    );
    this.#owners = groupBy(
      owned,
      ({ file }) => file,
      ({ owner }) => owner,
    );
  }

  of({ decidedBy, target }: Unsettled): Worth {
    if (decidedBy === 'file' || decidedBy === 'observation') return { basis: 'observed' };
    switch (target.kind) {
      case 'edge':
        return this.ofEdge(target);
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

  /** Whether a target is there only because a client was supposed. */
  isOfSupposedClient({ kind, name }: Target): boolean {
    const owners = kind === 'file' ? (this.#owners.get(name) ?? []) : [this.#ownerOf(kind, name)];
    return (
      owners.length > 0 &&
      owners.every(
        (owner) => owner !== undefined && this.#clients.get(owner.name)?.known === 'supposed',
      )
    );
  }

  #ownerOf(kind: Target['kind'], name: string): Client | undefined {
    if (kind === 'client') return this.#clients.get(name);
    const from = kind === 'edge' ? this.#edges.get(name)?.from : undefined;
    return from === undefined ? undefined : this.#clients.get(from);
  }

  /** What both ends of an edge are worth. */
  ofEdge({ name }: Target): Worth {
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
  const isTooOld = party !== undefined && 'isTooOld' in party;
  if (party === undefined || (party.known === 'settings' && !isTooOld)) return { basis: 'stated' };
  return { basis: 'assumed', decidedBy: [party.name] };
}

function together(choose: (...of: readonly Basis[]) => Basis, all: readonly Worth[]): Worth {
  return {
    basis: choose(...all.map(({ basis }) => basis)),
    decidedBy: all.flatMap(({ decidedBy = [] }) => decidedBy),
  };
}
