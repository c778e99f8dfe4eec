import type { Endpoint } from '../../model/live.ts';

/** `the client port of node1`, or with its URL where its member is not known: the subject of a message. */
export function portNamed({ serves, member, url }: Pick<Endpoint, 'serves' | 'member' | 'url'>) {
  return `the ${serves} port ${member === undefined ? url : `of ${member}`}`;
}

/** `node1`, or the member at a URL where its name is not known. */
export function memberNamed({ member, url }: Pick<Endpoint, 'member' | 'url'>): string {
  return member ?? `the member at ${url}`;
}
