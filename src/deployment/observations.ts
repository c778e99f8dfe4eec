import type { CollectedFacts } from '../model/evidence.ts';
import type { FileFact } from '../model/files.ts';
import type { Member } from '../model/inventory.ts';
import { type Admission, type AtEndpoint, endpointTarget } from '../model/live.ts';
import { type DeployedLiveFacts, deployLiveFacts, liveFactsOf } from '../model/live-facts.ts';
import { groupBy } from '../model/group-by.ts';
import { certificatesIn } from './certificate-uses.ts';
import { endpointAt } from './endpoints.ts';
import { normalized } from './roles/match-files.ts';

/** What was seen of the running cluster, with whose port each URL is and which file each credential. */
export function observationsOf(
  collected: Partial<CollectedFacts>,
  members: readonly Member[],
  files: readonly FileFact[],
): Partial<DeployedLiveFacts> {
  const { endpoints = [], memberLists = [] } = collected;
  const supposed = new Set(endpoints.flatMap((seen) => (seen.supposed ? [seen.url] : [])));
  const at = endpointAt(members, memberLists);
  const known = new Map<string, AtEndpoint>();
  const facts = deployLiveFacts(liveFactsOf(collected), (url) => {
    const endpoint = at(url, supposed.has(url));
    const seen = known.get(url) ?? { target: endpointTarget(endpoint), endpoint };
    known.set(url, seen);
    return seen;
  });
  const { admissions } = facts;
  if (admissions === undefined) return facts;
  const holding = groupBy(
    files,
    (file) => certificatesIn(file)[0]?.sha256 ?? '',
    ({ path }) => path,
  );
  return { ...facts, admissions: admissions.map((attempt) => withFile(attempt, holding)) };
}

/** The same certificate may have been read under another path than the one that it has here. */
function withFile(attempt: Admission, holding: ReadonlyMap<string, readonly string[]>): Admission {
  const { certificateFile = '', certificateSha256 } = attempt;
  if (certificateSha256 === undefined) return attempt;
  const paths = holding.get(certificateSha256) ?? [];
  const own = normalized(certificateFile);
  const path = paths.includes(own) ? own : paths[0];
  return path === undefined ? attempt : { ...attempt, certificateFile: path };
}
