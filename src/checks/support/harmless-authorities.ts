import { type CertificateInUse, isLeftOver } from '../../deployment/certificates-in-use.ts';
import { usesOf } from '../../deployment/certificate-uses.ts';
import type { Known } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';

type Seen = Known<'files' | 'members' | 'clients', 'endpoints' | 'forecast'>;

/** Whether a CA that is out of date does no harm: what it issued is verified without it. */
export function isHarmless(inUse: CertificateInUse, facts: Seen, now: Date): boolean {
  return isLeftOver(inUse, facts, now) || isPassedOver(inUse, facts);
}

/** A CA that is sent along: all who are known to verify the certificate know another chain. */
function isPassedOver({ place, paths }: CertificateInUse, facts: Seen): boolean {
  if (place !== 'intermediate') return false;
  const uses = usesOf(facts).filter(({ certificate: { file } }) =>
    paths.includes(file?.path ?? ''),
  );
  const listens = ({ port, member }: Edge) =>
    uses.some(({ role, owner }) => owner === member && role === roleAt[port]);
  const verified = (facts.forecast ?? []).filter(
    (edge) =>
      (edge.edge === 'client' || edge.edge === 'peer') &&
      edge.wanted === 'accepted' &&
      (paths.includes(edge.credential ?? '') || listens(edge)),
  );
  return verified.length > 0 && verified.every(({ outcome }) => outcome === 'accepted');
}

const roleAt = { client: 'server', peer: 'peer' } as const;
