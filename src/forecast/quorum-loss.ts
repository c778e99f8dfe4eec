import type { Deployment } from '../model/deployment.ts';
import { forecastPeers } from './forecast.ts';
import { lastAnswer } from './last-answer.ts';
import { keepsQuorum } from './quorum.ts';
import { factPath } from '../deployment/deployed-path.ts';

/** The moment from which expired certificates cost the quorum, and what has expired by then. */
export interface QuorumLoss {
  /** ISO 8601 UTC. Connections that are open then live on; none that breaks is made again. */
  readonly at: string;
  readonly expired: readonly string[];
}

/** Undefined when no expiry of the certificates at hand costs it, or when there is none to lose. */
export function quorumLoss(evidence: Deployment): QuorumLoss | undefined {
  return lastLoss.to(evidence, () => findLoss(evidence));
}

const lastLoss = lastAnswer<QuorumLoss | undefined>();

function findLoss(evidence: Deployment): QuorumLoss | undefined {
  const members = (evidence.facts.members ?? []).map(({ name }) => name);
  if (members.length === 0) return undefined;
  if (members.length > 1 && !keepsQuorum(forecastPeers(evidence), members)) return undefined;

  const expiries = expiriesAfter(evidence);
  const dates = [...new Set(expiries.map(({ notAfter }) => notAfter))].toSorted();
  const at = dates.find((date) => {
    // notAfter is the last moment at which a certificate is valid.
    const later = new Date(Date.parse(date) + 1000).toISOString();
    return !keepsQuorum(forecastPeers({ ...evidence, collectedAt: later }), members);
  });
  if (at === undefined) return undefined;

  const expired = expiries.filter(({ notAfter }) => notAfter <= at).map(({ subject }) => subject);
  return { at: new Date(at).toISOString(), expired: [...new Set(expired)] };
}

function expiriesAfter({ facts, collectedAt }: Deployment) {
  const now = Date.parse(collectedAt);
  const used = peerFiles(facts.members ?? []);
  return (facts.files ?? [])
    .filter(({ path }) => used.has(path))
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'certificate' ? [block.certificate] : []))
    .filter(({ notAfter }) => Date.parse(notAfter) >= now)
    .map(({ notAfter, subject }) => ({ notAfter, subject: subject.text }));
}

function peerFiles(members: NonNullable<Deployment['facts']['members']>): ReadonlySet<string> {
  const paths = members.flatMap(({ settings: { peer }, files }) => {
    const deployed = [peer.certFile, peer.clientCertFile, peer.trustedCaFile];
    return deployed.flatMap((setting) => {
      return setting === undefined ? [] : [factPath(setting.value, files)];
    });
  });
  return new Set(paths);
}
