import { joinHostPort } from '../../model/host.ts';
import type { SeenEndpoint } from '../../model/live.ts';

/** `the client port of node1`, or with its URL where its member is not known: the subject of a message. */
export function portNamed({ serves, member, url, ...at }: SeenEndpoint): string {
  if (member === undefined) return `the ${serves} port ${String(url)}`;
  const isOwnLoopback = at.seenFrom !== undefined;
  return isOwnLoopback
    ? portAtNamed(serves, member, `${at.scheme}://${joinHostPort(at.host, at.port)}`)
    : `the ${serves} port of ${member}`;
}

/** One of several addresses at which a member serves a port. */
export function portAtNamed(serves: SeenEndpoint['serves'], member: string, url: string): string {
  return `the ${serves} port of ${member} at ${url}`;
}

/** `node1`, or the member at a URL where its name is not known. */
export function memberNamed({ member, url }: Pick<SeenEndpoint, 'member' | 'url'>): string {
  return member ?? `the member at ${String(url)}`;
}
