import { alertOf, alertWordings, isAlertName } from './signals/alerts.ts';
import { etcdWordings } from './signals/etcd.ts';
import { hiddenWordings, hostWordings } from './signals/host.ts';
import { type Signal, type SignalId, signalsIn, type Wording } from './signals/signal.ts';
import { transportWordings } from './signals/transport.ts';
import { verificationWordings } from './signals/verification.ts';
import type { LogLine } from './log-line.ts';

/** A line together with all that its words say; what rules look at. */
export interface Reading {
  readonly line: LogLine;
  readonly signals: ReadonlyMap<SignalId, Signal>;
  /** RFC 8446 name of the alert that the other side sent, with spaces. */
  readonly alert?: string;
}

/** Everything that is known to be said. */
export const wordings: readonly Wording[] = [
  ...verificationWordings,
  ...alertWordings,
  ...transportWordings,
  ...etcdWordings,
  ...hostWordings,
  ...hiddenWordings,
];

/** Whether any of the wordings can be in a text: one pass instead of one for each. */
const anyWording = new RegExp(
  wordings.map(([, { source }]) => source.replaceAll(/\(\?<\w+>/g, '(?:')).join('|'),
  'i',
);

/** Reads one line; nothing where it says nothing that is known. Pure. */
export function readLine(line: LogLine): Reading | undefined {
  if (!anyWording.test(line.text)) return undefined;
  const signals = new Map(signalsIn(line.text, wordings).map((signal) => [signal.id, signal]));
  if (signals.size === 0) return undefined;
  const remote = signals.get('remote-alert');
  return { line, signals, ...(remote !== undefined && { alert: alertOf(remote) }) };
}

/** The known things that a text says, in no layout: what cut lines are compared by. */
export function knownIn(text: string): ReadonlySet<string> {
  if (!anyWording.test(text)) return new Set();
  return new Set(
    signalsIn(text, wordings).flatMap((signal) => {
      if (signal.id !== 'remote-alert') return signal.id;
      const alert = alertOf(signal);
      return isAlertName(alert) ? `alert ${alert}` : [];
    }),
  );
}
