import type { Failure, Known, Verdict } from '../../model/check.ts';
import { fail, pass } from '../../model/check.ts';
import { type About, aboutCertificate, aboutEdge } from '../../model/about.ts';
import { type Edge, isRefused, type NextRefusal } from '../../model/forecast.ts';
import { isInEveryRole, isOfChain, type RefusalRule } from '../../model/refusal.ts';
import type { Target } from '../../model/target.ts';
import { naturally } from '../../model/natural-order.ts';
import {
  bundlesOf,
  certificatesIn,
  type Credential,
  credentialsOf,
  describeUses,
} from '../../deployment/certificate-uses.ts';
import { groupBy } from '../../model/group-by.ts';
import { nameInWords } from '../../model/words.ts';

export interface BlamedEdge extends Edge {
  /** Set where something else is refused first. */
  readonly isNext?: true;
}

/** A certificate, and the handshakes that are refused over it by the rules asked for. */
export interface Blamed {
  readonly target: Target;
  /** `server certificate of node1`, where it has an owner. */
  readonly role: string;
  readonly edges: readonly BlamedEdge[];
  /** Absent when the certificate at fault is no member's or client's leaf, such as a CA. */
  readonly credential?: Credential;
}

export type Blaming = Known<'files' | 'members' | 'clients' | 'forecast'>;

/**
 * Every credential, with its refusals if there are any, and whatever else is blamed by these rules.
 * What a member makes of itself is left to the checks of the gateway, unless certificates alone show it.
 */
export function blamedBy(facts: Blaming, ...rules: readonly RefusalRule[]): readonly Blamed[] {
  const refused = facts.forecast
    .filter((edge) => (edge.edge !== 'self' && isRefused(edge)) || isOfFiles(edge, facts))
    .flatMap((edge) => [edge, ...(edge.next ?? []).map((next) => refusedNext(edge, next))])
    .filter(({ rule }) => rules.some((each) => each === rule));
  const groups = groupBy(
    refused,
    ({ blame, target }) => blame?.sha256 ?? blame?.file ?? target.name,
  );
  const credentials = credentialsOf(facts).map((credential): Blamed => {
    const { leaf, file, target, uses } = credential;
    const edges = [...(groups.get(leaf.sha256) ?? []), ...(groups.get(file.path) ?? [])];
    groups.delete(leaf.sha256);
    groups.delete(file.path);
    return { target, role: describeUses(uses), edges, credential };
  });
  return [...credentials, ...[...groups.values()].flatMap(blamedElsewhere)];
}

/**
 * A chain that is rejected wherever its CA is trusted shows where a member connects to itself, and where no settings state
 * the connections, in any supposed one.
 */
function isOfFiles({ edge, outcome, rule, from }: Edge, { members, clients }: Blaming): boolean {
  if (outcome !== 'refused' || !isOfChain(rule) || edge === 'intruder') return false;
  const isSupposed = members.every(({ known }) => known === 'supposed');
  if (!isSupposed) return edge === 'self' && isInEveryRole(rule);
  const owners = edge === 'client' ? clients : members;
  return owners.some(({ name, known }) => name === from && known === 'supposed');
}

/** The connection as it would be refused next, of which neither side prints anything yet. */
function refusedNext(edge: Edge, next: NextRefusal): BlamedEdge {
  const {
    clientError: _client,
    serverError: _server,
    blame: _blame,
    remedy: _remedy,
    ...rest
  } = edge;
  return { ...rest, ...next, isNext: true };
}

/** What is blamed and is no credential. */
function blamedElsewhere(edges: readonly BlamedEdge[]): readonly Blamed[] {
  const [edge] = edges;
  if (edge === undefined) return [];
  const { file, location, subject } = edge.blame ?? {};
  const place = location ?? (file === undefined ? undefined : { file });
  const target: Target =
    file === undefined
      ? edge.target
      : { kind: 'file', name: file, ...(place !== undefined && { location: place }) };
  return [{ target, role: subject === undefined ? 'certificate' : `CA ${subject}`, edges }];
}

/** More of them than an operator reads one by one: the check says in general what to do. */
const mostRemedies = 4;

/** Fails when there are refusals; what is general comes from the check. */
export function examineBlamed(
  { edges }: Pick<Blamed, 'edges'>,
  words: Omit<Failure, 'cause' | 'fix' | 'quotesConnection'>,
): Verdict {
  if (edges.length === 0) return pass;

  const remedies = [...new Set(edges.flatMap(({ remedy }) => remedy ?? []))];
  return fail({
    about: aboutRefusals(edges),
    ...words,
    quotesConnection: true,
    ...(remedies.length > 0 &&
      remedies.length <= mostRemedies && { fix: remedies.map(asSentence).join(' ') }),
  });
}

/** Rules by which one side refuses what another may accept: each connection is reported separately then. */
const decidedByVerifier: readonly string[] = [
  'x509.unknown-authority',
  'x509.same-name-other-key',
  'etcd.name-not-allowed',
  'etcd.peer-san',
] satisfies readonly RefusalRule[];

/** The connections, and the certificate or file at fault where all reject it. */
export function aboutRefusals(edges: readonly BlamedEdge[]): readonly About[] {
  const faults = edges
    .filter(({ rule }) => !decidedByVerifier.includes(rule))
    .map(({ blame }) => blame?.sha256)
    .filter((sha256) => sha256 !== undefined);
  return [
    ...edges.map(aboutEdge),
    ...[...new Set(faults)].map((sha256) => aboutCertificate({ sha256 })),
  ];
}

/** The clients and members that reject something, each once. */
export function rejectersOf(edges: readonly Edge[]): readonly string[] {
  const names = edges.map(({ refusedBy, from, member = 'the server' }) =>
    refusedBy === 'client' ? nameInWords(from) : member,
  );
  return [...new Set(names)].toSorted(naturally);
}

/** `node1 to https://10.0.0.2:2380`, each once. */
export function routes(edges: readonly Edge[]): readonly string[] {
  return [...new Set(edges.map(({ from, to }) => `${from} to ${to}`))];
}

/** Remedies of the forecast are written as clauses. */
export function asSentence(clause: string): string {
  const whole = clause.endsWith('.') ? clause : `${clause}.`;
  // A path is never written in other letters.
  if (/^\S*[/:.]\S/.test(clause)) return whole;
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}`;
}

/** The issuer of the leaf in question, for messages. */
export function issuedBy({ credential, edges }: Blamed): string {
  if (credential !== undefined) return `issued by ${credential.leaf.issuer.text}`;
  return edges[0]?.blame?.subject ?? 'an unknown issuer';
}

/**
 * What is wrong with one CA shows at all that it issued: refusals of several certificates of the same
 * issuer become one, at the file of the CA.
 */
export function togetherAtIssuer(
  all: readonly Blamed[],
  facts: Known<'files' | 'members' | 'clients'>,
): readonly Blamed[] {
  const failing = all.filter(({ edges }) => edges.length > 0);
  const issuerOf = ({ credential }: Blamed): string => credential?.leaf.issuer.raw ?? '';
  const groups = [...groupBy(failing, issuerOf).values()].filter(
    (group) => group.length > 1 && issuerOf(group[0]) !== '',
  );
  const merged = groups.map((group): Blamed => {
    const raw = issuerOf(group[0]);
    const bundle = bundlesOf(facts).find(({ file }) =>
      certificatesIn(file).some(({ subject }) => subject.raw === raw),
    );
    const uses = group.flatMap(({ credential }) => credential?.uses ?? []);
    return {
      ...group[0],
      ...(bundle && { target: bundle.target }),
      role: describeUses(uses),
      edges: group.flatMap(({ edges }) => edges),
    };
  });
  const taken = new Set<Blamed>(groups.flat());
  return [...merged, ...all.filter((blamed) => !taken.has(blamed))];
}
