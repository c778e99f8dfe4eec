import type { Socket } from 'node:net';
import type { ServerFlight } from '../../model/live.ts';
import { type AdmissionAnswer, observeAdmission } from './admission.ts';
import type { ReadyCredential } from './credentials.ts';
import type { Lanes } from './gate.ts';
import { candidates, type Started } from './reader.ts';
import type { ReachedEndpoint } from './reached-endpoint.ts';

/** How many members' certificates are shown to one peer port, unless everything is asked for. */
const mostMembers = 6;

/**
 * Starts every attempt that one port is worth. Each rejection is a line in etcd's log, so without a
 * survey no attempt is repeated, and no member certificate is presented that is known to be rejected for the
 * address from which we dial.
 */
export function startAdmissions(
  row: ReachedEndpoint,
  flight: ServerFlight,
  lanes: Lanes,
  kept: Set<Socket>,
): readonly Started[] {
  const { endpoint, address, context, deadline } = row;
  const asksForCertificate = flight.clientCertificateRequested;
  const members = membersFor(row);
  const reader = asksForCertificate
    ? readerIn(row, [context.nothing, context.client, ...members])
    : undefined;
  const tryAs = async (
    credential: ReadyCredential,
    version: '1.2' | '1.3' | 'any',
  ): Promise<AdmissionAnswer> => {
    const attempt = { endpoint, address, credential, version, asksForCertificate };
    return await lanes(() =>
      observeAdmission(credential === reader ? { ...attempt, kept } : attempt, deadline),
    );
  };
  const versions = context.survey ? versionsOf(flight) : (['any'] as const);
  const start = (credential: ReadyCredential): readonly Started[] =>
    versions.map((version) => ({ credential, answer: tryAs(credential, version) }));

  const { nothing, foreign, client } = context;
  const withoutMembers = [nothing, client].filter((one) => one !== undefined).flatMap(start);
  if (endpoint.serves !== 'peer' || context.survey) {
    return [
      ...withoutMembers,
      ...members.flatMap(start),
      ...foreignAttempts(foreign, versions, tryAs),
    ];
  }
  const [first, others] = onePerIssuer(members);
  const asked = first.flatMap(start);
  const rest = others.slice(0, Math.max(0, mostMembers - first.length)).map((credential) => ({
    credential,
    answer: Promise.all(asked.map(({ answer }) => answer)).then(async (answers) =>
      answers.some((answer) => wouldBeClosed(credential, answer))
        ? undefined
        : await tryAs(credential, 'any'),
    ),
  }));
  return [...withoutMembers, ...asked, ...rest, ...foreignAttempts(foreign, versions, tryAs)];
}

/** With which pages are read if it is accepted, over the same connection; none where no page is asked for, or anyone may. */
function readerIn(
  { endpoint, context }: ReachedEndpoint,
  credentials: readonly (ReadyCredential | undefined)[],
): ReadyCredential | undefined {
  const asksPages = context.questions.includes('processes') && endpoint.carries !== 'grpc';
  if (!asksPages || context.survey) return undefined;
  const all = credentials.flatMap((credential) => (credential ? [{ credential }] : []));
  return candidates(endpoint, all)[0]?.credential;
}

function versionsOf({ tlsVersion }: ServerFlight): readonly ('1.2' | '1.3')[] {
  return tlsVersion === '1.3' ? ['1.3'] : ['1.2', '1.3'];
}

function foreignAttempts(
  foreign: ReachedEndpoint['context']['foreign'],
  versions: readonly ('1.2' | '1.3' | 'any')[],
  tryAs: (credential: ReadyCredential, version: '1.2' | '1.3' | 'any') => Promise<AdmissionAnswer>,
): readonly Started[] {
  if (foreign === undefined) return [];
  const credential = foreign();
  return versions.map((version) => ({ credential, answer: tryAs(credential, version) }));
}

/** On a peer port every member is at home; on a client port a member is its own gateway's client. */
function membersFor({ endpoint, context }: ReachedEndpoint): readonly ReadyCredential[] {
  const port = endpoint.serves === 'peer' ? 'peer' : 'client';
  return context.members.filter(
    ({ owner, serves = port }) => serves === port && (port === 'peer' || owner === endpoint.member),
  );
}

/** A CA that the port lacks shows in one certificate of that CA as well as in all of them. */
function onePerIssuer(
  members: readonly ReadyCredential[],
): readonly [readonly ReadyCredential[], readonly ReadyCredential[]] {
  const first = members.filter(
    (one, index) => members.findIndex((other) => issuerOf(other) === issuerOf(one)) === index,
  );
  return [first, members.filter((one) => !first.includes(one))];
}

function issuerOf({ leaf, certificateFile }: ReadyCredential): string | undefined {
  return leaf?.issuer.raw ?? certificateFile;
}

/** etcd compares the names in a peer's certificate with where the connection comes from. */
function wouldBeClosed({ leaf }: ReadyCredential, answer: AdmissionAnswer | undefined): boolean {
  const { outcome, localAddress } = answer?.admission ?? {};
  if (outcome !== 'closed' || localAddress === undefined) return false;
  const { ipAddresses = [], dnsNames = [] } = leaf?.subjectAltName ?? {};
  const hasNames = ipAddresses.length + dnsNames.length > 0;
  return hasNames && !ipAddresses.includes(localAddress);
}
