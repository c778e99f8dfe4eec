import { effectiveTls } from '../../etcd/effective-tls.ts';
import { etcdVersion } from '../../etcd/version.ts';
import type { About } from '../../model/about.ts';
import type { HasTarget, Known, Verdict } from '../../model/check.ts';
import { fail, inconclusive, pass } from '../../model/check.ts';
import { type Edge, leadsTo, takesTls } from '../../model/forecast.ts';
import type { Admission } from '../../model/live.ts';
import type { Member } from '../../model/inventory.ts';
import type { SettingsProblem } from '../../model/settings-problem.ts';
import type { Target } from '../../model/target.ts';
import { hostOf, isHttps, isLoopback, joinHostPort } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';
import { ignoredAuthentication, wordsOfIgnored } from './ignored-authentication.ts';
import { portAtNamed } from './subjects.ts';

/** What a kind of intruder is forecast and was seen to get at one port. */
export interface PortAccess extends HasTarget {
  readonly port: Intruder['port'];
  readonly url: string;
  /** Set at a loopback address of a member that listens at others too. */
  readonly isLoopbackAlone?: true;
  /** Absent where nothing could be forecast: an endpoint of which no settings are known. */
  readonly edges: readonly Edge[];
  /** Set where etcd makes the certificate of the port: it then passes over the settings that ask for certificates. */
  readonly isGenerated?: true;
  /** What was to make the port ask for certificates, and is passed over by etcd. */
  readonly ignored?: SettingsProblem;
  /** Empty offline and where nothing was tried. */
  readonly attempts: readonly Admission[];
}

/** A client that tries to connect. */
export interface Intruder {
  readonly port: 'client' | 'peer';
  readonly isForecast: (edge: Edge) => boolean;
  readonly presented: Admission['presented'];
}

type Seen = Known<'forecast', 'admissions' | 'members'>;

export const anonymousIntruder = (port: Intruder['port']): Intruder => ({
  port,
  isForecast: ({ from }) => from === 'nobody',
  presented: 'nothing',
});

export const foreignIntruder = (port: Intruder['port']): Intruder => ({
  port,
  isForecast: ({ from }) => from === 'foreign',
  presented: 'foreign',
});

/** A client whose certificate is good on the client port and that connects to the peer port. */
export const clientAtPeerPort: Intruder = {
  port: 'peer',
  isForecast: ({ from, wanted }) => from !== 'nobody' && from !== 'foreign' && wanted === 'refused',
  presented: 'client',
};

/** Every TLS port of the kind, with what the intruder gets there. */
export function accessOf(
  { forecast, admissions = [], members = [] }: Seen,
  who: Intruder,
): readonly PortAccess[] {
  const byName = new Map(members.map((each) => [each.name, each]));
  const edges = forecast.filter(
    (edge) => edge.edge === 'intruder' && edge.port === who.port && who.isForecast(edge),
  );
  const attempts = admissions.filter(
    ({ endpoint, presented }) => endpoint.serves === who.port && presented === who.presented,
  );
  const doorOf = ({ endpoint, target: { name } }: Admission): Door => {
    const { host, port, member } = endpoint;
    const stated = edges.find(
      (edge) =>
        leadsTo(edge, endpoint) && takesTls(edge) && (member ?? edge.member) === edge.member,
    );
    const url = `https://${joinHostPort(host, port)}`;
    return stated === undefined ? { name, url, member } : doorAt(stated);
  };
  const predicted = groupBy(edges, (edge) => keyOf(doorAt(edge)));
  const seen = groupBy(
    attempts.map((attempt) => ({ attempt, door: doorOf(attempt) })),
    ({ door }) => keyOf(door),
  );
  const tried = [...edges.map(doorAt), ...[...seen.values()].map(([{ door }]) => door)];
  const accesses = [...groupBy(tried, keyOf)]
    .filter(([, [{ url }]]) => isHttps(url))
    .map(([key, [{ name, url, member }]]): PortAccess => {
      const own = seen.get(key)?.map(({ attempt }) => attempt) ?? [];
      const ownEdges = predicted.get(key) ?? [];
      return {
        target: {
          kind: 'endpoint',
          name,
          ...(member !== undefined && { member, ...placeOf(byName.get(member), who.port) }),
        },
        ...deciderOf(ownEdges, own),
        ...ownSettingsOf(member === undefined ? undefined : byName.get(member), who.port),
        port: who.port,
        url,
        edges: ownEdges,
        attempts: own,
      };
    });
  return outsideFirst(accesses);
}

function ownSettingsOf(
  member: Member | undefined,
  port: Intruder['port'],
): Pick<PortAccess, 'ignored' | 'isGenerated'> {
  if (member === undefined) return {};
  const ignored = ignoredAuthentication(member, port);
  const { certificate } = effectiveTls(
    member.settings,
    port,
    etcdVersion(member.etcdVersion.value),
  );
  return {
    ...(certificate === 'generated' && { isGenerated: true }),
    ...(ignored !== undefined && { ignored }),
  };
}

/** An attempt without a clear end leaves the question open, whatever the settings are supposed to be. */
function deciderOf(
  edges: readonly Edge[],
  attempts: readonly Admission[],
): Pick<PortAccess, 'decidedBy'> {
  if (isDecided(edges, attempts)) return { decidedBy: 'observation' };
  return attempts.some(({ outcome }) => outcome === 'unclear') ? { decidedBy: 'comparison' } : {};
}

/** Whether the attempts say who gets in; otherwise the forecast does. */
function isDecided(edges: readonly Edge[], attempts: readonly Admission[]): boolean {
  if (attempts.some(({ outcome }) => outcome === 'admitted')) return true;
  // A name may lead to several members, of which each has to refuse.
  const eachRefuses = [...groupBy(attempts, ({ target }) => target.name).values()].every((own) =>
    own.some(isRefused),
  );
  return attempts.length > 0 && eachRefuses && unanswered(edges, attempts).length === 0;
}

/** What may get in by the forecast, and was not seen to be refused. */
function unanswered(edges: readonly Edge[], attempts: readonly Admission[]): readonly Edge[] {
  const refused = attempts.filter(isRefused);
  return edges.filter(
    (edge) => edge.outcome !== 'refused' && !refused.some((attempt) => stands(attempt, edge)),
  );
}

/** One rejected certificate says nothing of another; rejection of none, or of a foreign one, applies to all. */
function stands({ presented, certificateFile }: Admission, { credential }: Edge): boolean {
  if (presented === 'nothing' || presented === 'foreign') return true;
  return certificateFile !== undefined && certificateFile === credential;
}

function isRefused({ outcome }: Admission): boolean {
  return outcome === 'refused' || outcome === 'closed';
}

/** Where it is set, or would have to be, who has to show a certificate. */
function placeOf(member: Member | undefined, port: Intruder['port']): Pick<Target, 'location'> {
  if (member === undefined) return {};
  const ignored = ignoredAuthentication(member, port)?.location;
  if (ignored !== undefined) return { location: ignored };
  const { clientCertAuth, trustedCaFile, certFile } = member.settings[port];
  const origins = [clientCertAuth, trustedCaFile, certFile].map((setting) => setting?.origin);
  const location = origins.find((origin) => origin?.location)?.location ?? member.target.location;
  return location === undefined ? {} : { location };
}

interface Door {
  /** How results name it: a URL of the settings, or else as the endpoint that was seen. */
  readonly name: string;
  readonly url: string;
  readonly member?: string | undefined;
}

function keyOf({ name, member = '' }: Omit<Door, 'url'>): string {
  return `${member} ${name}`;
}

function doorAt({ to, member }: Edge): Door {
  return { name: to, url: to, member };
}

/**
 * What is wrong with a port is wrong on loopback too: that is no second finding, unless it was seen there alone.
 */
function outsideFirst(accesses: readonly PortAccess[]): readonly PortAccess[] {
  const isInside = ({ url }: PortAccess): boolean => isLoopback(hostOf(url) ?? '');
  const outside = groupBy(
    accesses.filter((access) => !isInside(access)),
    ({ target }) => target.member,
  );
  const letIn = new Set(
    [...outside].filter(([, own]) => own.some(wasLetIn)).map(([member]) => member),
  );
  return accesses.flatMap((access): readonly PortAccess[] => {
    const { member } = access.target;
    if (!outside.has(member) || !isInside(access)) return [access];
    const isAlone = wasLetIn(access) && !letIn.has(member);
    return isAlone ? [{ ...access, isLoopbackAlone: true }] : [];
  });
}

function wasLetIn({ attempts }: PortAccess): boolean {
  return attempts.some(({ outcome }) => outcome === 'admitted');
}

/** The same, without the ports that accept every client: those have a finding of their own. */
export function accessBeyond(
  facts: Seen,
  who: Intruder,
  ...worse: readonly Intruder[]
): readonly PortAccess[] {
  const open = new Set(
    worse
      .flatMap((other) => accessOf(facts, other).filter(isOpen))
      .map(({ target }) => keyOf(target)),
  );
  return accessOf(facts, who).filter(({ target }) => !open.has(keyOf(target)));
}

function isOpen(access: PortAccess): boolean {
  return judgeAccess(access, { forecast: '', observed: '', expected: '' }).status === 'fail';
}

/** How to say that a client is accepted that should be rejected; the port is the subject. */
export interface AccessWords {
  /** When it follows from the settings. */
  readonly forecast: string;
  /** When it was seen. */
  readonly observed: string;
  readonly expected: string;
  readonly fix?: string;
  readonly about?: readonly About[];
}

/** What was seen counts before what was forecast; what could not be tried is no pass. */
export function judgeAccess(access: PortAccess, words: AccessWords): Verdict {
  const { edges, attempts } = access;
  const subject = subjectOf(access);
  const admitted = attempts.filter(({ outcome }) => outcome === 'admitted');
  const open = unanswered(edges, attempts);
  const forecast = open.filter(({ outcome }) => outcome === 'accepted');
  const { expected, fix, about } = words;
  const more = { expected, ...(fix !== undefined && { fix }), ...(about && { about }) };
  if (admitted.length > 0) {
    return fail({
      message: `${subject} ${words.observed}`,
      ...more,
      actual: showAdmitted(admitted),
      ...whatIgnores(access),
      ...fixInFront(admitted),
    });
  }
  if (forecast.length > 0) {
    const settings = forecast[0]?.blame?.location;
    return fail({
      message: `${subject} ${words.forecast}`,
      ...more,
      actual: `etcd accepts ${showCredentials(forecast)}`,
      ...(settings !== undefined && { cause: `decided by ${settings.file}${lineOf(settings)}` }),
      ...whatIgnores(access),
    });
  }
  if (isDecided(edges, attempts)) return pass;
  return unproven(
    attempts.filter((attempt) => !isRefused(attempt)),
    open,
  );
}

/** Without its own certificate the port passes over the settings that ask for one of its clients. */
function whatIgnores({ port, isGenerated, ignored }: PortAccess): {
  readonly cause?: string;
  readonly fix?: string;
} {
  const words = wordsOfIgnored(ignored);
  if (isGenerated !== true) return words;
  const prefix = port === 'peer' ? '--peer-' : '--';
  const settings = ['cert-file', 'key-file', 'trusted-ca-file', 'client-cert-auth'].map(
    (name) => `\`${prefix}${name}\``,
  );
  return {
    ...words,
    fix:
      `Remove \`${prefix}auto-tls\`, which disables client authentication, and set ${enumerate(settings)}. ` +
      howToRestart[port],
  };
}

const howToRestart = {
  client: 'Then restart the members one at a time.',
  peer: 'Members with old and new settings cannot connect to each other: plan a short stop of the whole cluster.',
} as const;

function subjectOf({ port, url, target: { name, member }, isLoopbackAlone }: PortAccess): string {
  if (member === undefined) return `the ${port} port ${name}`;
  return isLoopbackAlone ? portAtNamed(port, member, url) : `the ${port} port of ${member}`;
}

/** Who passed the request on is who has to ask for certificates: etcd sees but one client. */
function fixInFront(admitted: readonly Admission[]): { readonly fix?: string } {
  const via = admitted.find((attempt) => attempt.via !== undefined)?.via;
  if (via === undefined) return {};
  return {
    fix:
      `Configure ${via}, which terminates TLS here and connects to etcd with its own certificate, to require ` +
      'client certificates or to pass TCP through. Settings of etcd do not change this.',
  };
}

function unproven(attempts: readonly Admission[], edges: readonly Edge[]): Verdict {
  const [attempt] = attempts;
  if (attempt !== undefined) {
    const why = attempt.outcome === 'unreachable' ? 'could not be reached' : 'gave no clear answer';
    return inconclusive(`${attempt.target.name} ${why}${attempt.code ? ` (${attempt.code})` : ''}`);
  }
  const unsure = edges.find(({ outcome }) => outcome === 'not-sure');
  if (unsure === undefined) return pass;
  return inconclusive(
    `the outcome depends on ${enumerate(unsure.dependsOn ?? ['facts that the files do not contain'])}`,
  );
}

function showAdmitted(admitted: readonly Admission[]): string {
  const versions = enumerate([...new Set(admitted.map(({ tlsVersion }) => tlsVersion))].toSorted());
  const statuses = new Set(admitted.flatMap(({ httpStatus }) => httpStatus ?? []));
  const answer = statuses.size === 0 ? '' : ` with HTTP ${enumerate([...statuses].map(String))}`;
  const certificates = new Set(admitted.flatMap(({ certificateFile }) => certificateFile ?? []));
  const shown = certificates.size === 0 ? '' : ` to ${enumerate([...certificates])}`;
  const addresses = new Set(admitted.flatMap(({ endpoint }) => endpoint.address ?? []));
  const at = addresses.size === 0 ? '' : ` at ${enumerate([...addresses])}`;
  return `answered${shown}${at} over TLS ${versions}${answer}`;
}

function showCredentials(edges: readonly Edge[]): string {
  const shown = new Set(edges.map(({ credential, from }) => credential ?? whoIs(from)));
  return enumerate([...shown]);
}

function whoIs(from: string): string {
  if (from === 'nobody') return 'connections without a certificate';
  return from === 'foreign' ? 'a certificate of any CA' : from;
}

function lineOf({ line }: { readonly line?: number }): string {
  return line === undefined ? '' : `:${line}`;
}
