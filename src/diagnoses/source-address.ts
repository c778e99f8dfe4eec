import type { Member } from '../model/inventory.ts';
import { type CauseCode, causes } from './cause.ts';
import type { Explanation } from './explain.ts';

/**
 * A member that is rejected for its source address has another member's certificate, or comes from an
 * unknown address: the line shows both, and the set shows whose they are. Pure.
 */
export function withSource(explanation: Explanation, members: readonly Member[]): Explanation {
  const { line } = explanation;
  const source = refusedSource(explanation);
  if (source === undefined || members.length === 0) return explanation;

  const sender = members.find(({ addresses }) => addresses.includes(source));
  if (sender === undefined) {
    const because = `${source} is not an address of a member: NAT changed it, or the settings do not name that interface`;
    return decided(explanation, 'SAN-PEER', because);
  }
  const shown = line.shownIpAddresses ?? [];
  const named = members.find(
    (other) => other !== sender && other.addresses.some((address) => shown.includes(address)),
  );
  return named === undefined
    ? decided(explanation, 'SAN-PEER', `${source} is an address of ${sender.name}`)
    : decided(
        explanation,
        'SAN-COPY',
        `${source} is an address of ${sender.name}, and the certificate presented names ${named.name}'s`,
      );
}

/** The address that etcd looked for among the names of the certificate. */
function refusedSource({ cause, signals }: Explanation): string | undefined {
  if (cause !== 'SAN-PEER') return undefined;
  return (
    signals.get('peer-name-mismatch')?.values['address'] ??
    signals.get('host-not-in-names')?.values['wanted']
  );
}

function decided(explanation: Explanation, cause: CauseCode, because: string): Explanation {
  const { title, remedy } = causes[cause];
  return {
    ...explanation,
    cause,
    title,
    remedy,
    evidence: [because],
    confidence: 'certain',
    alternatives: explanation.alternatives.filter((other) => other.cause !== cause),
  };
}
