import {
  certificatesIn,
  type CertificateSet,
  type Credential,
  credentialsOf,
  describeUses,
} from '../../deployment/certificate-uses.ts';
import { inconclusive, pass, type Verdict } from '../../model/check.ts';
import { groupBy } from '../../model/group-by.ts';
import { type Target, wholeCluster } from '../../model/target.ts';
import { enumerate } from '../../model/words.ts';
import type { Blaming } from './refused-certificates.ts';
import { otherRoots, verifiersOf } from './server-verifiers.ts';

/** The server certificates of one cluster: a client has one CA file for all of its endpoints. */
export interface ServedTogether {
  readonly target: Target;
  readonly together: readonly Credential[];
}

export function servedTogether(facts: CertificateSet): readonly ServedTogether[] {
  const served = credentialsOf(facts, 'server').filter(isStated);
  return [...groupBy(served, clusterOf)]
    .filter(([, together]) => together.length > 1)
    .map(([cluster, together]) => ({
      target: {
        ...wholeCluster,
        name: 'server certificates of the cluster',
        ...(cluster !== undefined && { cluster }),
      },
      together,
    }));
}

/** A server certificate that no client is known to reject may be one that no client accepts. */
export function examineServed(credential: Credential, facts: Blaming, now: Date): Verdict {
  if (!isStated(credential)) return examineSupposed(credential, facts);
  if (verifiersOf(credential, facts, now).kind !== 'unknown') return pass;
  const { issuer } = credential.leaf;
  const isNamesake = facts.files.some((file) =>
    certificatesIn(file).some(({ subject }) => subject.raw === issuer.raw),
  );
  const which = isNamesake ? `another CA ${issuer.text} than the one given` : issuer.text;
  return inconclusive(
    `no client and no CA file given verifies the ${describeUses(credential.uses)}, which ${which} issued`,
    `give the certificate of the CA ${issuer.text}${isNamesake ? ' that has the other key' : ''}, or the settings of a client with its CA file`,
  );
}

/** A client with the CA next to a self-signed certificate rejects it, one with the certificate itself accepts it. */
function examineSupposed({ leaf, uses }: Credential, facts: Blaming): Verdict {
  const isSelfSigned = leaf.subject.raw === leaf.issuer.raw;
  const [other] = otherRoots(leaf, facts);
  const isServed = uses.some(({ role }) => role === 'server');
  if (!isServed || !isSelfSigned || other === undefined) return pass;
  return inconclusive(
    `the ${describeUses(uses)} is self-signed, and no file says whether others trust it or ${other.subject.text}`,
    `give the settings of etcd and its clients, or a certificate that ${other.subject.text} issued`,
  );
}

export function examineTogether(
  together: readonly Credential[],
  facts: Blaming,
  now: Date,
): Verdict {
  const names = together.flatMap((credential) => {
    const verifiers = verifiersOf(credential, facts, now);
    return verifiers.kind === 'known' && verifiers.names !== undefined ? [verifiers.names] : [];
  });
  const [first = new Set<string>(), ...others] = names;
  const isCommon = [...first].some((name) => others.every((other) => other.has(name)));
  if (names.length < 2 || isCommon) return pass;
  const issuers = new Set(together.map(({ leaf }) => leaf.issuer.text));
  return inconclusive(
    `no client and no CA file given verifies the server certificates of all members, which ${enumerate([...issuers], 4)} issued`,
    'give the settings of a client with its CA file',
  );
}

function isStated({ uses }: Credential): boolean {
  return uses.some(({ role, member }) => role === 'server' && member?.known === 'settings');
}

function clusterOf({ uses }: Credential): string | undefined {
  return uses.find(({ role }) => role === 'server')?.member?.cluster;
}
