import type { Certificate } from '../model/certificate.ts';
import type { Facts } from '../model/evidence.ts';
import type { CertificateSummary } from '../model/report.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { isIssuer } from '../pki/is-issuer.ts';
import { type Verification, verify } from '../pki/verify.ts';
import { isAuthority, isSelfIssued, seenCertificates, summaryOf } from './seen-certificates.ts';
import { type UnusedExtensions, unusedExtensions } from './unused-extensions.ts';

/** What etcd could use a certificate for. */
export interface PossibleUse {
  readonly as: 'server certificate' | 'client or peer certificate';
  /** Why Go rejects it as that, in Go's words; absent when Go accepts it, or when that is unknown. */
  readonly rejected?: string;
  /** The CA without which nothing can be said. */
  readonly lacks?: string;
}

/** One certificate in every field that Go reads, and what etcd could use it for. */
export interface CertificateDetail {
  readonly certificate: Certificate;
  readonly summary: CertificateSummary;
  readonly unused: UnusedExtensions;
  /** Empty for an authority: of one, only `issued` matters. */
  readonly possibleUses: readonly PossibleUse[];
  /** Subjects from the certificate to the CA that Go ends at; the certificate alone where there is no chain. */
  readonly chain: readonly string[];
  /** How many certificates of the set name it as their issuer. */
  readonly issued: number;
}

/** Every certificate in detail, verified by the CA certificates of the set. */
export function certificateDetails(
  facts: Partial<Facts>,
  at: Date,
  go: GoRelease,
): readonly CertificateDetail[] {
  const seen = seenCertificates(facts);
  const all = seen.map(({ certificate }) => certificate);
  const authorities = all.filter(isAuthority);
  const pools = {
    roots: authorities.filter(isSelfIssued),
    intermediates: authorities.filter((authority) => !isSelfIssued(authority)),
  };
  return seen.map((each) => {
    const { certificate } = each;
    const asServer = verify(certificate, { ...pools, usage: 'serverAuth', at, go });
    const asClient = verify(certificate, { ...pools, usage: 'clientAuth', at, go });
    const [chain = [certificate]] = [asServer, asClient].flatMap((verification) =>
      verification.ok ? verification.chains.slice(0, 1) : [],
    );
    const lacks = isIssuerGiven(certificate, all) ? undefined : certificate.issuer.text;
    const possibleUses: readonly PossibleUse[] = [
      { as: 'server certificate', ...outcomeOf(asServer, lacks) },
      { as: 'client or peer certificate', ...outcomeOf(asClient, lacks) },
    ];
    return {
      certificate,
      summary: summaryOf(each, at),
      unused: unusedExtensions(certificate, go),
      possibleUses: isAuthority(certificate) ? [] : possibleUses,
      chain: chain.map(({ subject }) => subject.text),
      issued: all.filter((other) => other !== certificate && isIssuer(certificate, other)).length,
    };
  });
}

function isIssuerGiven({ issuer }: Certificate, all: readonly Certificate[]): boolean {
  return all.some(({ subject }) => subject.raw === issuer.raw);
}

function outcomeOf(
  verification: Verification,
  lacks: string | undefined,
): Pick<PossibleUse, 'rejected' | 'lacks'> {
  if (verification.ok) return {};
  const { kind, text } = verification.error;
  return kind === 'x509.unknown-authority' && lacks !== undefined ? { lacks } : { rejected: text };
}
