import { hash } from 'node:crypto';

/** An entry of `initial-cluster`. */
export interface ClusterEntry {
  readonly name: string;
  readonly url: string;
}

export const defaultToken = 'etcd-cluster';

/**
 * The cluster id that a member computes at its first start, in the hexadecimal form of etcd's logs. Peer URLs
 * and the token decide it; names do not (etcdserver/api/membership NewMember, genID).
 */
export function clusterIdOf(entries: readonly ClusterEntry[], token: string): string {
  const names = [...new Set(entries.map(({ name }) => name))];
  const members = names.map((name) => {
    const own = entries.filter((entry) => entry.name === name);
    const urls = own.map(({ url }) => url).toSorted();
    return firstEightBytes(`${urls.join('')}${token}`);
  });
  const sorted = members.toSorted((one, other) => Buffer.compare(one, other));
  return BigInt(`0x${firstEightBytes(Buffer.concat(sorted)).toString('hex')}`).toString(16);
}

/** etcd identifies members and clusters by SHA-1, which protects nothing here. */
function firstEightBytes(content: string | Buffer): Buffer {
  return hash('sha1', content, 'buffer').subarray(0, 8);
}
