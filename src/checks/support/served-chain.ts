import type { FailedAttempt } from '../../diagnoses/attempts/attempt.ts';
import type { Known } from '../../model/check.ts';
import type { EndpointObservation, MemberListObservation, SeenEndpoint } from '../../model/live.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verify } from '../../pki/verify.ts';
import { bundlesOf, certificatesIn } from '../../deployment/certificate-uses.ts';

/** All known facts that sharpen a diagnosis. */
export type Surroundings = Known<
  never,
  'forecast' | 'endpoints' | 'files' | 'members' | 'clients' | 'processes' | 'memberLists'
>;

/** What Go says against the served chain with the CA files of those who dial that port. */
export function servedRefusal(
  { flight, endpoint }: EndpointObservation,
  { files, members, clients }: Surroundings,
  at: Date,
): FailedAttempt['servedRefusal'] {
  const [leaf, ...intermediates] = flight?.chain ?? [];
  if (!leaf || !files || !members || !clients) return undefined;
  const judging = endpoint.serves === 'peer' ? 'peers' : 'servers';
  const roots = bundlesOf({ files, members, clients })
    .filter(({ trustedBy }) => trustedBy.some(({ purpose }) => purpose === judging))
    .flatMap(({ file }) => certificatesIn(file));
  if (roots.length === 0) return undefined;
  const options = {
    roots,
    intermediates,
    hostName: endpoint.host,
    usage: 'serverAuth',
    at,
  } as const;
  const verification = verify(leaf, { ...options, go: currentGo });
  return verification.ok ? undefined : verification.error;
}

/** Another member at whose port of that kind the very same certificate is served. */
export function twinOf(
  { endpoint, flight }: EndpointObservation,
  { endpoints = [], memberLists = [] }: Surroundings,
): FailedAttempt['twin'] {
  const sha256 = shaOf(flight);
  // A name or address of no member may lead to any.
  if (sha256 === undefined || endpoint.member === undefined) return undefined;
  const twin = portsOfOthers(endpoint, endpoints).find((each) => shaOf(each.flight) === sha256);
  if (twin?.endpoint.member === undefined) return undefined;
  const ids = [endpoint, twin.endpoint].flatMap(({ url }) => idAt(url, memberLists) ?? []);
  const isKnown = ids.length === 2;
  return {
    member: twin.endpoint.member,
    ...(isKnown && { isSameProcess: ids[0] === ids[1] }),
  };
}

function shaOf(flight: EndpointObservation['flight']): string | undefined {
  return flight?.chain[0]?.sha256;
}

function idAt(url: SeenEndpoint['url'], lists: readonly MemberListObservation[]) {
  return lists.find((list) => list.endpoint.url === url)?.respondingMemberId;
}

/** The other members whose served chain Go accepts with the same roots. */
export function verifiedMembers(
  { endpoint, flight }: EndpointObservation,
  facts: Surroundings,
  now: Date,
): readonly string[] | undefined {
  const [leaf] = flight?.chain ?? [];
  if (leaf === undefined) return undefined;
  return portsOfOthers(endpoint, facts.endpoints ?? []).flatMap((each) => {
    const [first] = each.flight?.chain ?? [];
    const isOther = first !== undefined && first.issuer.raw !== leaf.issuer.raw;
    const isAccepted = isOther && servedRefusal(each, facts, now) === undefined;
    return isAccepted && each.endpoint.member !== undefined ? [each.endpoint.member] : [];
  });
}

/** Ports of that kind of other members. */
function portsOfOthers(
  { serves, member }: SeenEndpoint,
  endpoints: readonly EndpointObservation[],
): readonly EndpointObservation[] {
  return endpoints.filter(
    ({ endpoint }) => endpoint.serves === serves && endpoint.member !== member,
  );
}
