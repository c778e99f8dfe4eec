import { type Failure, fail, type Verdict } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import type { Target } from '../../model/target.ts';
import { groupBy } from '../../model/group-by.ts';
import { enumerate } from '../../model/words.ts';
import {
  type Bundle,
  bundlesOf,
  certificatesIn,
  type CertificateSet,
  credentialsOf,
  describeUses,
  type Role,
  type Trust,
} from '../../deployment/certificate-uses.ts';
import { aboutForeign, aboutTrust, keyOf, verifierOf, verifiersOf } from './about-trust.ts';
import { aboutRefusals, type Blamed, type Blaming } from './refused-certificates.ts';

/** A CA file that rejects certificates which have nothing wrong with them. */
export interface WrongTrust {
  readonly target: Target;
  readonly bundle: Bundle;
  readonly trust: Trust;
  readonly rejects: readonly Required<Blamed>[];
}

/** Refusals over an unknown issuer, by what is at fault: the certificate, or the CA file of the side that refuses. */
export function byFault<Subject extends Blamed>(
  all: readonly Subject[],
  facts: Blaming,
): { readonly certificates: readonly Subject[]; readonly trusts: readonly WrongTrust[] } {
  const trusts = wrongTrusts(all, facts);
  const explained = new Set(trusts.flatMap(({ rejects }) => rejects.flatMap(({ edges }) => edges)));
  const certificates = all.map((blamed) => ({
    ...blamed,
    edges: blamed.edges.filter((edge) => !explained.has(edge)),
  }));
  return { certificates, trusts };
}

function wrongTrusts(all: readonly Blamed[], facts: Blaming): readonly WrongTrust[] {
  const known = all.filter(
    (blamed): blamed is Required<Blamed> =>
      blamed.credential !== undefined && aboutForeign(blamed, facts).length === 0,
  );
  const parts = known.flatMap((blamed) =>
    [...groupBy(blamed.edges, verifierOf)].map(([verifier, edges]) => ({
      verifier,
      blamed: { ...blamed, edges },
    })),
  );
  const rejected = groupBy(
    parts,
    ({ verifier }) => verifier,
    ({ blamed }) => blamed,
  );
  const accepted = facts.forecast.filter(isAccepted);
  const satisfied = new Set(accepted.flatMap(verifiersOf));
  /** Members with the same CA file accept and reject the same certificates. */
  const isSatisfied = (trust: Trust, { trustedBy }: Bundle): boolean =>
    trustedBy.some(
      (other) =>
        other.purpose === trust.purpose &&
        (other.owner === trust.owner || trust.purpose !== 'servers') &&
        satisfied.has(keyOf(other)),
    );
  return bundlesOf(facts).flatMap((bundle) =>
    bundle.trustedBy.flatMap((trust): readonly WrongTrust[] => {
      const rejects = rejected.get(keyOf(trust));
      if (rejects === undefined) return [];
      const isOwn = (blamed: Required<Blamed>) => isOfOwnIssuer(blamed, trust, facts);
      // A member that rejects peers of its own issuer has the wrong CA file, even if it accepts others.
      const isContradictory = trust.purpose === 'peers' && rejects.every(isOwn);
      if (isSatisfied(trust, bundle) && !isContradictory) return [];
      const isSound = (blamed: Required<Blamed>) =>
        isOwn(blamed) ||
        accepted.some((edge) => isShown(blamed, edge)) ||
        isAcceptedByItself(blamed, trust, facts);
      if (!rejects.every(isSound)) return [];
      const { member, client } = trust;
      // A file that is right for others is wrong where the client names it.
      const location = client?.caFile?.origin.location;
      const target = {
        ...bundle.target,
        ...(member !== undefined && { member: member.name }),
        ...(location !== undefined && { location }),
      };
      return [{ target, bundle, trust, rejects }];
    }),
  );
}

function isAccepted({ edge, wanted, outcome, observed }: Edge): boolean {
  return edge !== 'self' && wanted === 'accepted' && (observed?.outcome ?? outcome) === 'accepted';
}

/** Whether the member that shows a server certificate accepts it from itself: the CA is that of its clients. */
function isAcceptedByItself(
  { credential }: Required<Blamed>,
  { purpose }: Trust,
  { forecast }: Pick<Blaming, 'forecast'>,
): boolean {
  const owners = new Set(credential.uses.map(({ owner }) => owner));
  return (
    purpose === 'servers' &&
    forecast.some(
      ({ edge, from, outcome }) => edge === 'self' && outcome === 'accepted' && owners.has(from),
    )
  );
}

const ownRoles: Readonly<Record<Trust['purpose'], readonly Role[]>> = {
  clients: ['server', 'self-dial'],
  peers: ['peer', 'peer-dial'],
  servers: ['client'],
};

/** Roles whose certificates are verified against a CA file. */
const rejectedRoles: Readonly<Record<Trust['purpose'], readonly Role[]>> = {
  clients: ['client', 'self-dial'],
  peers: ['peer', 'peer-dial'],
  servers: ['server'],
};

/** Whether the side that rejects a certificate has one of the same issuer itself, for the same port. */
function isOfOwnIssuer(
  { credential }: Required<Blamed>,
  { owner, purpose }: Trust,
  facts: CertificateSet,
): boolean {
  return credentialsOf(facts, ...ownRoles[purpose]).some(
    ({ leaf, uses }) =>
      leaf.issuer.raw === credential.leaf.issuer.raw &&
      leaf.authorityKeyId === credential.leaf.authorityKeyId &&
      uses.some((use) => use.owner === owner),
  );
}

/** Whether the connection shows the certificate. */
function isShown({ credential }: Required<Blamed>, { edge, from, member, port }: Edge): boolean {
  return credential.uses.some(({ role, owner }) =>
    role === 'server' || role === 'peer'
      ? (owner === member && port === (role === 'server' ? 'client' : 'peer')) ||
        (role === 'peer' && edge === 'peer' && owner === from)
      : owner === from && edge === (role === 'client' ? 'client' : 'peer'),
  );
}

/** A CA file at fault is one finding, however many certificates it rejects. */
export function failTrust({ bundle, trust, rejects }: WrongTrust): Verdict {
  const edges = rejects.flatMap((blamed) => blamed.edges);
  const uses = rejects
    .flatMap(({ credential }) => credential.uses)
    .filter(({ role }) => rejectedRoles[trust.purpose].includes(role));
  const issuers = [...new Set(rejects.map(({ credential }) => credential.leaf.issuer.text))];
  const setting = settingOf(trust);
  const subjects = certificatesIn(bundle.file).map(({ subject }) => subject.text);
  const words: Failure = {
    about: [...aboutRefusals(edges), aboutTrust(trust)],
    message: `${trust.owner} rejects the ${describeUses(uses)}: ${setting} does not contain the issuer`,
    expected: `${enumerate(issuers)} in ${bundle.file.path}`,
    actual: enumerate(subjects, 4),
    fix: `Set ${setting.replace('its', 'the')} of ${trust.owner} to a file with ${enumerate(issuers)}, or add that CA to ${bundle.file.path}; restart ${trust.owner} after the change.`,
  };
  return fail(words);
}

function settingOf({ purpose }: Trust): string {
  if (purpose === 'servers') return 'its CA file';
  return purpose === 'peers' ? '--peer-trusted-ca-file' : '--trusted-ca-file';
}
