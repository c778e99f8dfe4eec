import type { Listener } from '../../etcd/effective-tls.ts';
import { inconclusive, type Verdict } from '../../model/check.ts';

/** A part of the settings without URLs and certificates of a listener shows nothing of its scheme. */
export function openScheme(member: string, listener: Listener): Verdict {
  return inconclusive(
    `no file contains the ${listener} URLs of ${member}, so whether its ${listener} port has TLS is not known`,
    `the settings of ${member} with its listen-${listener}-urls`,
  );
}
