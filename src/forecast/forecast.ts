import type { Certificate } from '../model/certificate.ts';
import { byCluster, clusterOf } from '../model/clusters.ts';
import { once } from '../model/once.ts';
import type { Deployment } from '../model/deployment.ts';
import type { FileFact } from '../model/files.ts';
import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import type { EndpointObservation } from '../model/live.ts';
import { withAbout } from './about.ts';
import { chainOpinions } from './chain-opinions.ts';
import { clientEdges } from './client-edges.ts';
import type { Deployment as ForecastContext } from './deployment.ts';
import { canonicalHost, parseEndpoint } from '../model/host.ts';
import { clientInitiator } from './initiator.ts';
import { judgeServed } from './judge-server.ts';
import { intruderEdges } from './intruder-edges.ts';
import { listenerOf, refusalToStart } from './listener.ts';
import { type FileIndex, indexFiles } from './material.ts';
import { peerEdges, peerLinks, type PeerLinks } from './peer-edges.ts';
import { membersCutOff } from './quorum.ts';
import { rules } from './rules.ts';
import { selfEdges } from './self-edges.ts';
import { unlessHostSupposed } from './supposed-host.ts';
import type { Surroundings } from './surroundings.ts';
import { settingsWords } from '../etcd/settings-words.ts';
import type { SettingsProblem } from '../model/settings-problem.ts';

/**
 * Every handshake that the deployment implies, and what will come of it by etcd's and Go's rules.
 * Pure: the same deployment always gives the same edges, in the order of members and clients. None of
 * them leads from one cluster to another.
 */
export function forecast(deployment: Deployment): readonly Edge[] {
  return byCluster(deployment).flatMap(forecastOne);
}

function forecastOne(deployment: Deployment): readonly Edge[] {
  const cluster = clusterOf(deployment);
  const context = contextOf(deployment);
  const peers = peerEdges(context);
  const names = context.members.map(({ name }) => name);
  const cutOff = new Set(membersCutOff(peers, names));
  const doubts = doubtfulStarts(context.members);
  const needed = (edge: Edge): Edge => unlessStopped(unlessCutOff(edge, cutOff), doubts);
  return [
    ...clientEdges(context).map(needed),
    ...peers.map((edge) => unlessStopped(edge, doubts)),
    ...selfEdges(context).map(needed),
    ...intruderEdges(context),
  ]
    .map((edge) => withAbout(unlessHostSupposed(edge, context.members)))
    .map((edge) => (cluster === undefined ? edge : { ...edge, cluster }));
}

/** A member serves its client port when it has once been part of a quorum since it started. */
function unlessCutOff(edge: Edge, cutOff: ReadonlySet<string>): Edge {
  const { member, outcome } = edge;
  if (outcome !== 'accepted' || member === undefined || !cutOff.has(member)) return edge;
  return {
    ...edge,
    outcome: 'not-sure',
    rule: 'etcd.cut-off',
    dependsOn: [`${member} having had a quorum since it started, which these peers do not allow`],
    remedy: rules['etcd.cut-off'].remedy({ member }),
  };
}

/** Which members can connect to which at another moment. */
export function peerLinksAt(deployment: Deployment, collectedAt: string): PeerLinks {
  return peerLinks(contextOf({ ...deployment, collectedAt }));
}

/** What a client says of the certificates that were seen to be served where it connects to; nothing where it accepts them. */
export function complaints(
  deployment: Deployment,
): (edge: Edge, chain: readonly Certificate[]) => string | undefined {
  const { clients, members, files, surroundings } = contextOf(deployment);
  return ({ from, to }, [leaf, ...others]) => {
    const client = clients.find(({ name }) => name === from);
    if (client === undefined || leaf === undefined) return undefined;
    const initiator = clientInitiator(client, files, members);
    const address = parseEndpoint(to, true);
    const opinion = judgeServed([leaf, ...others], { initiator, address }, surroundings);
    return opinion.kind === 'refuses' ? opinion.refusal.text : undefined;
  };
}

function servedIn(seen: readonly EndpointObservation[] = []): ForecastContext['served'] {
  const leaves = new Map(
    seen.map(({ endpoint: { host, port }, flight }) => [
      `${canonicalHost(host)} ${port}`,
      flight?.chain[0],
    ]),
  );
  return ({ host, port }) => leaves.get(`${canonicalHost(host)} ${port}`);
}

function peersIn(seen: readonly EndpointObservation[] = []): ForecastContext['peerSeenAt'] {
  const owners = new Map<string, string>();
  for (const { endpoint } of seen) {
    const { serves, host, port, member = 'that member' } = endpoint;
    if (serves === 'peer') owners.set(`${canonicalHost(host)} ${port}`, member);
  }
  return ({ host, port }) => owners.get(`${canonicalHost(host)} ${port}`);
}

/** What depends on the files alone: the same under every release, and at every moment. */
const contextOfFiles = once((given: readonly FileFact[]) => {
  const files = indexFiles(given);
  return {
    files,
    listeners: once((member: Member) => ({
      client: listenerOf(member, 'client', files),
      peer: listenerOf(member, 'peer', files),
    })),
    authorities: privateAuthorities(files),
    locate: locator(files),
  };
});

const noFiles: readonly FileFact[] = [];

function contextOf({ facts, collectedAt }: Deployment): ForecastContext {
  const { files, listeners, authorities, locate } = contextOfFiles(facts.files ?? noFiles);
  return {
    members: facts.members ?? [],
    clients: facts.clients ?? [],
    files,
    listeners,
    served: servedIn(facts.endpoints),
    peerSeenAt: peersIn(facts.endpoints),
    surroundings: {
      at: new Date(collectedAt),
      authorities,
      locate,
      opinions: chainOpinions(),
      refusalToStart: once((member) => refusalToStart(member, listeners(member))),
    },
  };
}

function locator(files: FileIndex): Surroundings['locate'] {
  const places = new Map<string, string>();
  for (const { path, blocks } of files.byPath.values()) {
    for (const block of blocks) {
      if (block.kind === 'certificate' && !places.has(block.certificate.sha256)) {
        places.set(block.certificate.sha256, path);
      }
    }
  }
  return ({ sha256 }: Certificate) => places.get(sha256);
}

/** What the start of a member depends on, where its settings may end it. */
const conditions: Partial<Record<SettingsProblem['kind'], string>> = {
  'refused-at-first-start': 'having started before, since etcd exits at a first start with',
  'refused-by-known-releases': 'starting, since no release whose flags are known has',
  'refused-at-some-starts': 'starting, which is random with',
  'no-member': 'being a member, which etcd is not with',
  'refused-on-some-hosts': 'starting, since on some hosts etcd exits with',
};

interface Doubt {
  readonly condition: string;
  readonly remedy?: string;
}

/** The members of which it is open whether they start. */
function doubtfulStarts(members: readonly Member[]): ReadonlyMap<string, Doubt> {
  return new Map(
    members.flatMap(({ name, problems }) => {
      const [doubt] = problems.flatMap((problem): readonly Doubt[] => {
        const condition = conditions[problem.kind];
        if (condition === undefined) return [];
        const { remedy } = settingsWords(problem);
        const what = `${name} ${condition} ${problem.name}`;
        return [{ condition: what, ...(remedy !== undefined && { remedy }) }];
      });
      return doubt === undefined ? [] : [[name, doubt] as const];
    }),
  );
}

/** What the deployment needs is not sure to be accepted where one of the members may not start. */
function unlessStopped(edge: Edge, doubts: ReadonlyMap<string, Doubt>): Edge {
  const { member = '', from, outcome, edge: kind } = edge;
  if (outcome !== 'accepted') return edge;
  const doubt = doubts.get(member) ?? (kind === 'peer' ? doubts.get(from) : undefined);
  if (doubt === undefined) return edge;
  const { condition, remedy } = doubt;
  return {
    ...edge,
    outcome: 'not-sure',
    rule: 'etcd.refused-at-start',
    dependsOn: [condition],
    ...(remedy !== undefined && { remedy }),
  };
}

/**
 * Certificates among the files given that could anchor a chain. What an operator keeps with a
 * cluster's certificates is a private authority, which no operating system trusts by itself.
 */
function privateAuthorities(files: FileIndex): readonly Certificate[] {
  const seen = new Map<string, Certificate>();
  for (const { blocks } of files.byPath.values()) {
    for (const block of blocks) {
      if (block.kind === 'certificate' && canAnchor(block.certificate)) {
        seen.set(block.certificate.sha256, block.certificate);
      }
    }
  }
  return [...seen.values()];
}

function canAnchor({ basicConstraints, subject, issuer }: Certificate): boolean {
  return basicConstraints?.isCa === true || subject.raw === issuer.raw;
}
