import { wordSet } from '../model/table.ts';
import type { Edge } from '../model/forecast.ts';
import type { Client, Member } from '../model/inventory.ts';
import { verifyHostName } from '../pki/host-name.ts';
import { findEndpointFault } from './endpoint-fault.ts';
import { clientInitiator, type Initiator } from './initiator.ts';
import type { Deployment } from './deployment.ts';
import { membersAt, membersUnread } from '../deployment/members-at.ts';
import { listenerOf } from './listener.ts';
import { judgeHandshake } from './handshake.ts';
import { blameSetting, type Judgement, withNext } from './judgement.ts';
import { credentialFile } from './material.ts';
import { type Address, areOnTwoHosts, isLoopback, parseEndpoint } from '../model/host.ts';
import { isAboutName } from '../model/refusal.ts';
import { enumerate } from '../model/words.ts';
import { membersOnHost, notListening } from './reach.ts';
import { rejectionsByAll } from './rejections.ts';
import { neverDials } from './wording.ts';

/** Every client on its way to each of its endpoints. */
export function clientEdges(deployment: Deployment): readonly Edge[] {
  return deployment.clients.flatMap((client) => {
    const initiator = clientInitiator(client, deployment.files, deployment.members);
    return client.endpoints.value.map((url) => clientEdge(client, initiator, url, deployment));
  });
}

function clientEdge(
  client: Client,
  initiator: Initiator,
  url: string,
  deployment: Deployment,
): Edge {
  const address = addressOf(client, url);
  const near = withinReach(client, address, onOwnHost(client, address, deployment));
  const atAddress = membersAt(address, near.members, 'client');
  const possible = atAddress.length > 0 ? atAddress : membersUnread(near.members);
  const owners = seenAt(address, ofOwnHost(client, address, possible), near);
  const [owner] = owners;
  const credential = address.encrypted ? credentialFile(initiator.presents) : undefined;
  const fault = findEndpointFault(client, url, initiator);
  const judge = (): Judgement =>
    judgeAtSocket(url, owners) ??
    judgeAtMetricsPort(client, initiator, address, near) ??
    judgeAt(initiator, address, owners, near);
  const judgement =
    fault === undefined
      ? blamingEndpoint(client, owners, judge())
      : neverDials(fault, initiator.speaks);
  return {
    target: { kind: 'edge', name: `client ${client.name} -> ${url}` },
    edge: 'client',
    from: client.name,
    to: url,
    ...(owners.length === 1 && owner && { member: owner.name }),
    port: 'client',
    ...(credential !== undefined && { credential }),
    // A client that was not described is shown and counts for nothing.
    wanted: client.known === 'supposed' ? 'either' : 'accepted',
    ...(address.encrypted ? elsewhere(judgement, initiator, deployment) : judgement),
  };
}

/** Where another endpoint is needed, the certificates of both sides are judged there for the first time. */
function elsewhere(judgement: Judgement, initiator: Initiator, deployment: Deployment): Judgement {
  const { outcome, rule } = judgement;
  const leadsNowhere = rule.startsWith('endpoint.') || rule === 'network.nothing-listens';
  return outcome === 'refused' && leadsNowhere
    ? withNext(judgement, rejectionsByAll(initiator, deployment))
    : judgement;
}

/**
 * Loopback of a container leads to the member in it. Where it has a network of its own it leads to no other, and
 * no port of it is mapped.
 */
function withinReach({ network }: Client, address: Address, deployment: Deployment): Deployment {
  if (network === undefined || !isLoopback(address.host)) return deployment;
  const own = deployment.members.filter((member) => member.network?.of === network.of);
  if (own.length === 0) return deployment;
  if (network.isHost !== true) return { ...deployment, members: own.map(unmapped) };
  return membersAt(address, own, 'client').length > 0
    ? { ...deployment, members: own }
    : deployment;
}

function unmapped({ mayBeMapped: _mayBeMapped, ...member }: Member): Member {
  return member;
}

/** A loopback address leads to nothing on another host. */
function onOwnHost(client: Client, address: Address, deployment: Deployment): Deployment {
  if (!isLoopback(address.host)) return deployment;
  const { members } = deployment;
  return { ...deployment, members: members.filter((member) => !areOnTwoHosts(member, client)) };
}

/** A member whose host is known to be the client's comes before those whose host is not known. */
function ofOwnHost(
  { host }: Client,
  address: Address,
  owners: Deployment['members'],
): Deployment['members'] {
  if (host === undefined || !isLoopback(address.host)) return owners;
  const own = owners.filter((member) => member.host === host);
  return own.length > 0 ? own : owners;
}

/** Of the members that an address may lead to, those whose certificate was seen to be served there. */
function seenAt(
  address: Address,
  possible: Deployment['members'],
  { listeners, served }: Deployment,
): Deployment['members'] {
  const leaf = possible.length > 1 ? served(address) : undefined;
  if (leaf === undefined) return possible;
  const serving = possible.filter((member) => {
    const { serves } = listeners(member).client;
    return serves.kind === 'files' && serves.chain[0].sha256 === leaf.sha256;
  });
  return serving.length > 0 ? serving : possible;
}

/** A name that belongs to no member is the client's mistake, whatever the certificates hold. */
function blamingEndpoint(
  { endpoints, origin }: Client,
  owners: Deployment['members'],
  judgement: Judgement,
): Judgement {
  const blame = blameSetting(endpoints, endpoints.origin.location?.file ?? origin.file);
  const isUnowned = judgement.rule === 'network.nothing-listens' && owners.length === 0;
  if (judgement.rule === 'endpoint.no-member' || isUnowned) return { ...judgement, blame };
  // A client that follows the members' own URLs did not choose the scheme.
  if (judgement.rule === 'tls.plaintext-to-tls' && endpoints.origin.via !== 'assumed') {
    return { ...judgement, blame: blameSetting(endpoints) };
  }
  if (owners.length > 0 || !isAboutName(judgement.rule)) return judgement;
  return {
    ...judgement,
    blame,
    remedy: 'connect to the members by names or addresses in their certificates',
  };
}

/**
 * etcdctl takes its transport from the first endpoint: one in clear makes it dial all of them so. etcd3 uses
 * TLS when it has a CA, whatever the scheme.
 */
function addressOf(client: Client, url: string): Address {
  const hasTls =
    client.caFile !== undefined || client.certFile !== undefined || client.keyFile !== undefined;
  const address = parseEndpoint(url, hasTls);
  if (client.kind === 'etcd3' && client.caFile !== undefined)
    return { ...address, encrypted: true };
  const [first] = client.endpoints.value;
  if (client.kind !== 'etcdctl' || first === undefined) return address;
  return { ...address, encrypted: address.encrypted && parseEndpoint(first, hasTls).encrypted };
}

/**
 * A peer port with TLS serves members alone, in every release: a client whose handshake it accepts waits for an
 * answer until its time is up. Without TLS it served clients until 3.6.
 */
function judgeAtPeerPort(
  initiator: Initiator,
  address: Address,
  peers: Deployment['members'],
  { listeners, surroundings }: Pick<Deployment, 'listeners' | 'surroundings'>,
): Judgement {
  const judgements = peers.map((member) =>
    judgeHandshake({ initiator, listener: listeners(member).peer, address }, surroundings),
  );
  const refused = judgements.find(({ outcome }) => outcome === 'refused');
  const names = peers.map(({ name }) => name).join(', ');
  const wrongPort = atWrongPort(names, address);
  if (refused !== undefined) {
    // What else this port would reject is nothing to the port that is meant.
    const { next: _next, ...alone } = refused;
    return { ...alone, ...wrongPort };
  }
  if (address.encrypted) return waitsAtPeerPort(initiator, names, address);
  return {
    ...wrongPort,
    outcome: 'not-sure',
    dependsOn: [`the peer port of ${names} serving clients, which it does without TLS until 3.6`],
  };
}

function atWrongPort(names: string, { port }: Address) {
  return {
    rule: 'endpoint.no-member',
    remedy: `connect to the client URLs of ${names}: port ${port} is for peers`,
  } as const;
}

function waitsAtPeerPort({ speaks }: Initiator, names: string, address: Address): Judgement {
  return {
    ...atWrongPort(names, address),
    outcome: 'refused',
    refusedBy: 'server',
    ...(speaks !== 'openssl' && { clientError: 'context deadline exceeded' }),
  };
}

/** A socket is a file, which any process of its host may listen at. */
function judgeAtSocket(url: string, owners: Deployment['members']): Judgement | undefined {
  if (owners.length > 0 || !/^unixs?:(?:\/\/)?(?:\/|$)/i.test(url)) return undefined;
  return {
    outcome: 'not-sure',
    rule: 'endpoint.no-member',
    dependsOn: [`what listens at ${url}: no member does by its settings`],
  };
}

const readsPages = wordSet('curl prometheus wget');

/** `/health` and `/metrics` are at the metrics port too, which speaks HTTP alone (server/embed/etcd.go serveMetrics). */
function judgeAtMetricsPort(
  { kind }: Client,
  initiator: Initiator,
  address: Address,
  { members, files, surroundings }: Deployment,
): Judgement | undefined {
  const judgements = readsPages.has(kind)
    ? membersAt(address, members, 'metrics').map((member) => ({
        member: member.name,
        judgement: judgeHandshake(
          { initiator, listener: listenerOf(member, 'metrics', files), address },
          surroundings,
        ),
      }))
    : [];
  const [first] = judgements;
  return first && agreed(judgements, first, address);
}

/** An address that belongs to no member, or to any of several, is judged against all that it may reach. */
function judgeAt(
  initiator: Initiator,
  address: Address,
  owners: Deployment['members'],
  deployment: Deployment,
): Judgement {
  const { members, listeners, surroundings, served } = deployment;
  const peers = owners.length > 0 ? [] : membersAt(address, members, 'peer');
  if (peers.length > 0)
    return judgeAtPeerPort(initiator, address, peers, { listeners, surroundings });
  const [host] = owners.length > 0 ? [] : membersOnHost(address, members);
  if (host !== undefined) {
    return notListening({ initiator, listener: listeners(host).client, address });
  }
  const reached = owners.length > 0 ? owners : seenAt(address, members, deployment);
  const judgements = reached.map((member) => ({
    member: member.name,
    judgement: judgeHandshake(
      { initiator, listener: listeners(member).client, address },
      surroundings,
    ),
  }));
  const [first] = judgements;
  if (first === undefined) return judgeAtUnknownHost(initiator, address, deployment);
  if (owners.length === 0 && isServedByOther(initiator, address, first.judgement, served)) {
    return {
      outcome: 'not-sure',
      rule: 'endpoint.no-member',
      dependsOn: [`what answers at ${address.host}: its certificate does not belong to a member`],
    };
  }
  return agreed(judgements, first, address);
}

/** Where no member is known, only what fails whatever the server does is sure. */
function judgeAtUnknownHost(
  initiator: Initiator,
  address: Address,
  { peerSeenAt }: Deployment,
): Judgement {
  const { host, encrypted } = address;
  const { neverDials: fault, serverAnchors: anchors } = initiator;
  if (fault !== undefined) return neverDials(fault);
  if (encrypted && anchors?.kind === 'pool' && anchors.certificates.length === 0) {
    return trustsNothing(anchors.file);
  }
  const peer = peerSeenAt(address);
  if (encrypted && peer !== undefined) return waitsAtPeerPort(initiator, peer, address);
  return {
    outcome: 'not-sure',
    rule: 'endpoint.no-member',
    dependsOn: [`the server at ${host}`],
  };
}

/** What Go says depends on the certificate that it is shown: dates and names come before the CA. */
function trustsNothing(file: string): Judgement {
  return {
    outcome: 'refused',
    refusedBy: 'client',
    rule: 'x509.unknown-authority',
    blame: { file },
    remedy: `write the CA certificates to ${file} as PEM: Go finds no certificate in it`,
  };
}

/** What was seen to be served there is valid for the host, and no member's certificate is. */
function isServedByOther(
  { go }: Initiator,
  address: Address,
  { rule }: Judgement,
  served: Deployment['served'],
): boolean {
  const leaf = isAboutName(rule) ? served(address) : undefined;
  return leaf !== undefined && verifyHostName(leaf, address.host, go) === undefined;
}

interface Reached {
  readonly member: string;
  readonly judgement: Judgement;
}

/** What all that may be reached have in common: a rejection only where its reason is the same. */
function agreed(judgements: readonly Reached[], first: Reached, { host }: Address): Judgement {
  const { outcome, refusedBy } = first.judgement;
  const isSame = judgements.every(
    ({ judgement }) => judgement.outcome === outcome && judgement.refusedBy === refusedBy,
  );
  const reasons = new Set(judgements.map(({ judgement }) => reasonOf(judgement)));
  if (isSame && outcome === 'not-sure') {
    const open = judgements.flatMap(({ judgement: { dependsOn = [] } }) => dependsOn);
    return { ...first.judgement, dependsOn: [...new Set(open)] };
  }
  if (isSame && (outcome === 'accepted' || reasons.size === 1)) return first.judgement;

  const refusing = judgements.filter(({ judgement }) => judgement.outcome !== 'accepted');
  const [{ judgement: worst } = first] = refusing;
  const named = refusing.map(({ member, judgement: { rule } }) => `${member} (${rule})`);
  return {
    rule: worst.rule,
    outcome: 'not-sure',
    dependsOn: [`which member answers at ${host}: the connection fails with ${enumerate(named)}`],
  };
}

/** A host that no certificate names is one mistake, whatever each certificate names. */
function reasonOf({ rule }: Judgement): string {
  return isAboutName(rule) ? 'name' : rule;
}
