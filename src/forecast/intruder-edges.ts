import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import type { Deployment } from './deployment.ts';
import { type Initiator, intruder, peerInitiator } from './initiator.ts';
import { goOfClient } from '../deployment/go-rules.ts';
import { judgeHandshake } from './handshake.ts';
import { type Listener, reachableUrl } from './listener.ts';
import { credentialFile, foreignCredential, loadCertificate } from './material.ts';
import { isLoopback, parseEndpoint } from '../model/host.ts';

/** A client that tries a port, and what a sound deployment would do with it. */
interface Attempt {
  readonly from: string;
  readonly shows: string;
  readonly initiator: Initiator;
  readonly wanted: Edge['wanted'];
}

/** No certificate, a foreign CA's certificate and certificates of the wrong role, at every port of every member. */
export function intruderEdges(deployment: Deployment): readonly Edge[] {
  const { members, files, listeners } = deployment;
  const byClients = clientAttempts(deployment);
  return members.flatMap((member) => {
    const { presents, source, go } = peerInitiator(member, files);
    const withoutOwner: readonly Attempt[] = [
      {
        from: 'nobody',
        shows: 'no certificate',
        initiator: intruder({ kind: 'none' }, { go }),
        wanted: 'refused',
      },
      {
        from: 'foreign',
        shows: 'a foreign certificate',
        initiator: intruder(foreignCredential, { go }),
        wanted: 'refused',
      },
    ];
    const own: Attempt = {
      from: member.name,
      shows: 'its peer certificate',
      initiator: intruder(presents, { go, source }),
      wanted: 'either',
    };
    const asClient = presents.kind === 'none' || presents.kind === 'generated' ? [] : [own];
    return [
      ...edgesAt(listeners(member).client, [...withoutOwner, ...asClient], deployment),
      ...edgesAt(listeners(member).peer, [...withoutOwner, ...byClients], deployment),
    ];
  });
}

/** One attempt for each client certificate, by whichever client was listed first with it. */
function clientAttempts({ clients, files, members }: Deployment): readonly Attempt[] {
  const peerCertificates = new Set(
    members.map((member) => credentialFile(peerInitiator(member, files).presents)),
  );
  const attempts = new Map<string, Attempt>();
  for (const client of clients) {
    const go = goOfClient(client, members);
    const presents = loadCertificate(client.certFile, { matches: client.files, files, go });
    const file = credentialFile(presents);
    if (file === undefined || attempts.has(file) || peerCertificates.has(file)) continue;
    attempts.set(file, {
      from: client.name,
      shows: 'its client certificate',
      initiator: intruder(presents, { go }),
      wanted: 'refused',
    });
  }
  return [...attempts.values()];
}

function edgesAt(
  listener: Listener<'client' | 'peer'>,
  attempts: readonly Attempt[],
  { surroundings }: Deployment,
): readonly Edge[] {
  const { member, port, effective } = listener;
  const urls = [...effective.encryptedUrls, ...effective.plaintextUrls];
  const reachable = [...new Set(urls.map((url) => reachableUrl(url, member)))];
  return reachable.flatMap((url) =>
    attempts.map(({ from, shows, initiator, wanted }): Edge => {
      const credential = credentialFile(initiator.presents);
      return {
        target: {
          kind: 'edge',
          name: `intruder ${from} with ${shows} -> ${placeOf(url, member)}`,
          member: member.name,
        },
        edge: 'intruder',
        from,
        to: url,
        member: member.name,
        port,
        ...(credential !== undefined && { credential }),
        wanted,
        ...judgeHandshake({ initiator, listener, address: parseEndpoint(url, true) }, surroundings),
      };
    }),
  );
}

/** Every member has a loopback address of its own. */
function placeOf(url: string, { name }: Member): string {
  return isLoopback(parseEndpoint(url, true).host) ? `${url} of ${name}` : url;
}
