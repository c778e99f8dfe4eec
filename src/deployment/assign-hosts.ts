import { largest } from '../model/extremes.ts';
import type { Client, Member } from '../model/inventory.ts';
import { hostOf, isLoopback } from '../model/host.ts';
import { directoryOf } from './roles/match-files.ts';

/**
 * Where things run: on the host that their evidence comes from, else where the places of their settings
 * distinguish members: a directory for each host. Unknown where several members share a directory.
 */
export function assignHosts(
  members: readonly Member[],
  clients: readonly Client[],
): { readonly members: readonly Member[]; readonly clients: readonly Client[] } {
  const homes = members.map((member) => homeOf(member));
  const hosted = members.map((member, index) => {
    const home = homes[index];
    const isOwn = home !== undefined && homes.filter((other) => other === home).length === 1;
    if (member.host !== undefined || !isOwn || members.length < 2) return member;
    return { ...member, host: member.name };
  });
  const placed = hosted.flatMap((member, index) => {
    const home = homes[index];
    return member.host === undefined || home === undefined ? [] : [{ host: member.host, home }];
  });
  return {
    members: hosted,
    clients: clients.map((client) => {
      const host = client.host ?? hostOfClient(client, placed);
      return host === undefined ? client : { ...client, host };
    }),
  };
}

interface Placed {
  readonly host: string;
  readonly home: string;
}

/** Members whose peers find them at loopback share one machine, a directory each or not. */
function homeOf({ known, target, settings }: Member): string | undefined {
  const file = target.location?.file;
  const [peerUrl = ''] = settings.initialAdvertisePeerUrls.value;
  if (
    settings.initialAdvertisePeerUrls.origin.via !== 'default' &&
    isLoopback(hostOf(peerUrl) ?? '')
  )
    return undefined;
  return known !== 'settings' || file === undefined ? undefined : directoryOf(file);
}

/** The host of the one member whose settings are nearest to the client's, in a directory of their own. */
function hostOfClient({ known, origin }: Client, placed: readonly Placed[]): string | undefined {
  if (known !== 'settings') return undefined;
  const own = directoryOf(origin.file).split('/');
  const depths = placed.map(({ home }) => commonDepth(own, home.split('/')));
  const deepest = largest(depths, 0);
  const nearest = placed.filter((_, index) => depths[index] === deepest);
  return deepest > 0 && nearest.length === 1 && placed.length > 1 ? nearest[0]?.host : undefined;
}

function commonDepth(left: readonly string[], right: readonly string[]): number {
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs < 0 ? left.length : differs;
}
