import {
  bundlesOf,
  certificatesIn,
  type CertificateSet,
  type Trust,
} from '../../deployment/certificate-uses.ts';
import { type About, aboutCertificate, aboutSetting } from '../../model/about.ts';
import { isIssuer } from '../../pki/is-issuer.ts';
import type { Blamed } from './refused-certificates.ts';
import type { Edge } from '../../model/forecast.ts';

/** The setting that names a trusted CA file. */
export function aboutTrust({ owner, purpose }: Pick<Trust, 'owner' | 'purpose'>): About {
  return aboutSetting(owner, purpose === 'peers' ? 'peer-trusted-ca-file' : 'trusted-ca-file');
}

/** Matches the connections that are rejected because the refusing side trusts a file without certificates. */
export function refusesEverything(facts: CertificateSet): (edge: Edge) => boolean {
  const empty = new Set(
    bundlesOf(facts)
      .filter(({ file }) => file.unreadable === undefined && file.blocks.length === 0)
      .flatMap(({ trustedBy }) => trustedBy.map(keyOf)),
  );
  return (edge) => empty.has(verifierOf(edge));
}

/** Whose CA file decided against a connection, by `keyOf`. */
export function verifierOf(edge: Edge): string {
  const [initiating, listening] = verifiersOf(edge);
  return edge.refusedBy === 'client' ? initiating : listening;
}

/** The CA files of both sides of a connection: of the one that dials, and of the one that listens. */
export function verifiersOf({ edge, from, member = '', port }: Edge): readonly [string, string] {
  return [
    keyOf({ owner: from, purpose: edge === 'peer' ? 'peers' : 'servers' }),
    keyOf({ owner: member, purpose: port === 'peer' ? 'peers' : 'clients' }),
  ];
}

/**
 * The certificate itself, where no CA file of the deployment holds its issuer: reissuing it ends all
 * refusals at once. Where one side trusts the issuer, each side that does not is at fault itself.
 */
export function aboutForeign({ credential }: Blamed, facts: CertificateSet): readonly About[] {
  if (credential === undefined) return [];
  const isTrusted = bundlesOf(facts).some(({ file }) =>
    certificatesIn(file).some((authority) => isIssuer(authority, credential.leaf)),
  );
  return isTrusted ? [] : [aboutCertificate(credential.leaf)];
}

export function keyOf({ owner, purpose }: Pick<Trust, 'owner' | 'purpose'>): string {
  return JSON.stringify([owner, purpose]);
}
