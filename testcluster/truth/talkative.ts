/** Failures to dial a peer for the second time are debug messages. */
export function talkative(version: string): Readonly<Record<string, string>> {
  return /^3\.[34]\./.test(version) ? { ETCD_DEBUG: 'true' } : { ETCD_LOG_LEVEL: 'debug' };
}
