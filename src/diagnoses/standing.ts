import type { CauseCode } from './cause.ts';
import type { Reading } from './reading.ts';
import { isSelfDial } from './rules/undecided.ts';
import type { SignalId } from './signals/signal.ts';
import { isForeign } from './target.ts';
import { isLoopback } from '../model/host.ts';

/** How near lines are to the reason of an incident. A consequence is never above its reason. */
export const standings = {
  /** The process ends over it. */
  fatal: 6,
  /** The words state the reason: a verdict on a certificate, a file, a setting. */
  reason: 5,
  /** The two sides speak different protocols, or something answers in between. */
  protocol: 4,
  /** True, and seldom the whole reason. */
  partial: 3.5,
  network: 3,
  /** About another service than etcd. */
  elsewhere: 2.5,
  /** A rejection; the words say which side rejected, not why. */
  refusal: 2,
  /** Waiting, retrying, closing: all that follows from everything else. */
  consequence: 1,
  harmless: 0,
} as const;

const fatal: readonly SignalId[] = [
  'raft-log-lost',
  'member-removed',
  'disk-full',
  'data-damaged',
  'too-many-files',
  'address-in-use',
  'address-not-here',
  'quota-reached',
];

const refusals: readonly SignalId[] = [
  'remote-alert',
  'own-alert',
  'eof',
  'reset',
  'rejected',
  'handshake-failed',
];

/** How near a line with this cause is to the reason. Pure. */
export function standingOf(reading: Reading, cause: CauseCode): number {
  const { signals, line } = reading;
  const says = (ids: readonly SignalId[]): boolean => ids.some((id) => signals.has(id));
  if (cause === 'NOISE') return standings.harmless;
  if (says(fatal)) return standings.fatal;
  const own = ownStanding(reading, cause, says);
  return isForeign(line.service) ? Math.min(own, standings.elsewhere) : own;
}

function ownStanding(
  reading: Reading,
  cause: CauseCode,
  says: (ids: readonly SignalId[]) => boolean,
): number {
  if (cause === 'UNKNOWN') {
    return says(refusals) ? standings.refusal : standings.consequence;
  }
  if (cause === 'NET') return standings.network;
  if (cause === 'SCHEME' || cause === 'PROXY') return standings.protocol;
  if (cause === 'DNS' || says(['clock-difference', 'unknown-variable'])) return standings.partial;
  // gRPC clients never notice that etcd's JSON gateway is refused.
  if (cause === 'EKU' && isOwn(reading)) return standings.partial;
  return standings.reason;
}

function isOwn(reading: Reading): boolean {
  const { remoteAddress } = reading.line;
  return isSelfDial(reading) || isLoopback(remoteAddress ?? '');
}
