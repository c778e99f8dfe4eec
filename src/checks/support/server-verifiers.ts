import {
  bundlesOf,
  certificatesIn,
  type CertificateSet,
  type Credential,
  usesOf,
} from '../../deployment/certificate-uses.ts';
import { once } from '../../model/once.ts';
import type { Certificate } from '../../model/certificate.ts';
import { groupBy } from '../../model/group-by.ts';
import { isInEveryRole } from '../../model/refusal.ts';
import { currentGo } from '../../pki/go-release.ts';
import type { VerificationError } from '../../pki/verification.ts';
import { verify } from '../../pki/verify.ts';
import type { Blaming } from './refused-certificates.ts';

/** Which of the CA files and clients given verify a server certificate. */
export type Verifiers =
  /** Names of CA files and clients; absent where another fault hides where the chain leads. */
  | { readonly kind: 'known'; readonly names?: ReadonlySet<string> }
  /** With this intermediate, which is among the files and not sent, a CA file given would. */
  | { readonly kind: 'without-intermediate'; readonly issuer: Certificate }
  | { readonly kind: 'unknown' };

/** Which clients verify the certificate that a member serves, by the files given. */
export function verifiersOf(
  { leaf, file, uses }: Credential,
  facts: Blaming,
  now: Date,
): Verifiers {
  const clients = clientsOf(uses, facts);
  const { anchors, authorities, filesOf } = anchorsOf(facts);
  const sent = certificatesIn(file).filter((certificate) => certificate !== leaf);
  const go = uses[0]?.go ?? currentGo;
  const ask = (intermediates: readonly Certificate[]) =>
    verify(leaf, { roots: anchors, intermediates, usage: 'serverAuth', at: now, go });

  const answer = ask(sent);
  // What is sent after the leaf takes no part in the chain, and clients read it first.
  const isUnread = clients.length === 0 && isReported('x509.malformed', uses, facts);
  if (isUnread) return { kind: 'unknown' };
  if (answer.ok) {
    const ends = answer.chains.flatMap((chain) => chain.at(-1) ?? []);
    const files = ends.flatMap(({ sha256 }) => filesOf.get(sha256) ?? []);
    return { kind: 'known', names: new Set([...clients, ...files]) };
  }
  if (clients.length > 0) return { kind: 'known', names: new Set(clients) };
  // A client can be given the certificate itself.
  if (leaf.subject.raw === leaf.issuer.raw) {
    return { kind: 'known', names: new Set([file.path]) };
  }
  if (isFoundElsewhere(answer.error, uses, facts)) return { kind: 'known' };
  return withoutIssuer(leaf, authorities, () => ask([...sent, ...authorities]).ok);
}

function withoutIssuer(
  leaf: Certificate,
  authorities: readonly Certificate[],
  isHelped: () => boolean,
): Verifiers {
  const issuer = authorities.find(({ subject }) => subject.raw === leaf.issuer.raw);
  return issuer !== undefined && isHelped()
    ? { kind: 'without-intermediate', issuer }
    : { kind: 'unknown' };
}

function isFoundElsewhere(
  { kind, hint }: Pick<VerificationError, 'kind' | 'hint'>,
  uses: Credential['uses'],
  facts: Blaming,
): boolean {
  if (hint !== undefined) return false;
  return isInEveryRole(kind) ? isReported(kind, uses, facts) : ofLeaf.has(kind);
}

/** Whether a member that serves the certificate rejects it itself by this rule. */
function isReported(rule: string, uses: Credential['uses'], facts: Blaming): boolean {
  const rejected = rejectedByThemselves(facts);
  return uses.some(({ owner }) => rejected.has(`${owner} ${rule}`));
}

/** Faults that other checks report of the certificate itself. */
const ofLeaf: ReadonlySet<string> = new Set([
  'x509.expired',
  'x509.insecure-signature',
  'x509.key-usage',
  'x509.not-yet-valid',
]);

/** Members that reject their own certificate, each with the rule. */
const rejectedByThemselves = once(
  ({ forecast }: Blaming) =>
    new Set(
      forecast
        .filter(({ edge, outcome }) => edge === 'self' && outcome === 'refused')
        .map(({ from, rule }) => `${from} ${rule}`),
    ),
);

/** Clients that verify what they connect to: the forecast of their connections judges the certificate. */
function clientsOf(uses: Credential['uses'], facts: Blaming): readonly string[] {
  const byMember = clientsByMember(facts);
  const owners = new Set(uses.filter(({ role }) => role === 'server').map(({ owner }) => owner));
  return [...new Set([...owners].flatMap((owner) => byMember.get(owner) ?? []))];
}

const clientsByMember = once(({ clients, forecast }: Blaming) => {
  const verifying = new Set(
    clients
      .filter(
        ({ known, insecureSkipVerify }) =>
          known === 'settings' && insecureSkipVerify?.value !== true,
      )
      .map(({ name }) => name),
  );
  return groupBy(
    forecast.filter(({ edge, from }) => edge === 'client' && verifying.has(from)),
    ({ member }) => member,
    ({ from }) => `client ${from}`,
  );
});

/**
 * Files against which clients may verify members: trusted CA files, other files of CAs that hold
 * a root, and the roots in other files. An intermediate alone is a CA file only where settings say so.
 */
const anchorsOf = once((facts: CertificateSet) => {
  const trusted = new Set(bundlesOf(facts).map(({ file }) => file.path));
  const shown = new Set(usesOf(facts).flatMap(({ certificate }) => certificate.file?.path ?? []));
  const stored = facts.files.flatMap((file) => {
    const certificates = certificatesIn(file);
    const roots = certificates.filter(isRoot);
    const isBundle = !shown.has(file.path) && roots.length > 0 && certificates.every(isAuthority);
    const anchors = trusted.has(file.path) || isBundle ? certificates : roots;
    return anchors.map((certificate) => ({ certificate, path: file.path }));
  });
  const authorities = facts.files.flatMap(certificatesIn).filter(isAuthority);
  return {
    anchors: distinct(stored.map(({ certificate }) => certificate)),
    authorities: distinct(authorities),
    filesOf: groupBy(
      stored,
      ({ certificate }) => certificate.sha256,
      ({ path }) => path,
    ),
  };
});

/** The roots among the files, without the certificate itself. */
export function otherRoots(leaf: Certificate, facts: CertificateSet): readonly Certificate[] {
  return anchorsOf(facts).anchors.filter(
    (each) => isRoot(each) && each.publicKey.sha256 !== leaf.publicKey.sha256,
  );
}

function isAuthority(certificate: Certificate): boolean {
  return certificate.basicConstraints?.isCa === true || certificate.version < 3;
}

function isRoot(certificate: Certificate): boolean {
  return isAuthority(certificate) && certificate.subject.raw === certificate.issuer.raw;
}

function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  return [...new Map(certificates.map((each) => [each.sha256, each])).values()];
}
