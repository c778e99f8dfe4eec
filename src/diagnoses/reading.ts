import { alertOf, alertWordings } from './signals/alerts.ts';
import { etcdWordings } from './signals/etcd.ts';
import { type Signal, type SignalId, signalsIn } from './signals/signal.ts';
import { transportWordings } from './signals/transport.ts';
import { verificationWordings } from './signals/verification.ts';
import { type Circumstance, circumstancesIn } from './circumstances.ts';
import type { LogLine } from './log-line.ts';

/** A line together with all that its words say; what rules look at. */
export interface Reading {
  readonly line: LogLine;
  readonly signals: ReadonlyMap<SignalId, Signal>;
  /** RFC 8446 name of the alert that the other side sent, with spaces. */
  readonly alert?: string;
  /** etcd's version, where the log or the operator says it. */
  readonly etcdVersion?: string;
  readonly circumstances: ReadonlySet<Circumstance>;
}

/** Reads one line. Pure. */
export function readLine(line: LogLine, etcdVersion?: string): Reading {
  const wordings = [
    ...verificationWordings,
    ...alertWordings,
    ...transportWordings,
    ...etcdWordings,
  ];
  const signals = new Map(signalsIn(line.text, wordings).map((signal) => [signal.id, signal]));
  const remote = signals.get('remote-alert');
  return {
    line,
    signals,
    ...(remote !== undefined && { alert: alertOf(remote) }),
    ...(etcdVersion !== undefined && { etcdVersion }),
    circumstances: new Set([...circumstancesIn(line.text), ...circumstancesOf(line)]),
  };
}

function circumstancesOf({ remoteAddress, port }: LogLine): readonly Circumstance[] {
  const isLocal = remoteAddress !== undefined && /^(?:127\.|::1$)/.test(remoteAddress);
  return [
    ...(isLocal ? ['from-itself' as const] : []),
    ...(port === 'peer' ? ['peer-port' as const] : []),
  ];
}
