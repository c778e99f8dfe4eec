import type { CauseCode } from '../cause.ts';
import type { Reading } from '../reading.ts';
import type { SignalId } from '../signals/signal.ts';

/** One argument for a cause. */
export interface Rule {
  readonly cause: CauseCode;
  /** How much it says, from 1 (consistent with) to 10 (decides). */
  readonly weight: number;
  readonly when: (reading: Reading) => boolean;
  /** The argument, in words for an operator. */
  readonly because: string | ((reading: Reading) => string);
}

/** True when the line says all of these. */
export function says(...ids: readonly SignalId[]): Rule['when'] {
  return ({ signals }) => ids.every((id) => signals.has(id));
}

/** True when the line says at least one of these. */
export function saysAny(...ids: readonly SignalId[]): Rule['when'] {
  return ({ signals }) => ids.some((id) => signals.has(id));
}

/** True when the other side sent one of these alerts. */
export function alerted(...names: readonly string[]): Rule['when'] {
  return ({ alert }) => alert !== undefined && names.includes(alert);
}

/** True when all conditions hold. */
export function all(...conditions: readonly Rule['when'][]): Rule['when'] {
  return (reading) => conditions.every((condition) => condition(reading));
}

/** True when at least one condition holds. */
export function either(...conditions: readonly Rule['when'][]): Rule['when'] {
  return (reading) => conditions.some((condition) => condition(reading));
}

/** True when the condition does not hold. */
export function not(condition: Rule['when']): Rule['when'] {
  return (reading) => !condition(reading);
}

/** What a signal captured, or a dash. */
export function captured({ signals }: Reading, id: SignalId, name: string): string {
  return signals.get(id)?.values[name] ?? '-';
}

/** True when a name that was dialled is not in the certificate. */
export const nameMismatch = saysAny('host-not-in-names', 'no-ip-names', 'common-name-only');

/** A certificate was rejected, and the text leaves out over what. */
export const failedForNoReason: Rule['when'] = (reading) =>
  reading.signals.has('verification-failed') && !statesVerdict(reading);

/** The text says what is wrong with a certificate. */
export const statesVerdict: Rule['when'] = ({ signals }) => verdicts.some((id) => signals.has(id));

const verdicts: readonly SignalId[] = [
  'unknown-authority',
  'self-signed',
  'issuer-not-found',
  'candidate-authority',
  'no-system-roots',
  'host-not-in-names',
  'no-ip-names',
  'common-name-only',
  'wrong-usage',
  'expired',
  'not-yet-valid',
  'outside-validity',
  'insecure-algorithm',
  'name-constraint',
  'path-length',
  'revoked',
];

/** The writer is the side that listens: an alert in its log came from the client. */
export const accepting: Rule['when'] = ({ line }) => line.role === 'accepting';

/** A verdict about a client's certificate, which only the side that listens can reach. */
export const judgedClient: Rule['when'] = (reading) =>
  reading.signals.has('verification-by-server') ||
  (accepting(reading) && !reading.signals.has('remote-alert'));

/** Java's words; no URL of a real deployment that Java dials by says `etcd` alone. */
export function wantsLibraryDefault({ line }: Reading): boolean {
  return /name matching etcd found/.test(line.text);
}

/**
 * gRPC prints the address that it connected to: the certificate names it, and was compared with another host. Only Go lists
 * the names, and those of the kind that was looked for.
 */
export function comparesAnotherHost({ line, signals }: Reading): boolean {
  const { names, wanted } = signals.get('host-not-in-names')?.values ?? {};
  const host = line.target?.host;
  if (names === undefined || wanted === undefined || host === undefined) return false;
  const isExact = /(?:failed to connect to|Reconnecting to) \{/.test(line.text);
  return isExact && host !== wanted && names.split(/[\s,]{1,9}/).includes(host);
}

/** A health probe of a kubelet or a balancer, by its own words. */
export function isProbe({ line }: Reading): boolean {
  return /(?:Liveness|Readiness|Startup) probe failed|Unhealthy {1,20}.{0,80}\bGet\b|health ?check.{0,40}(?:backend|server \S{1,80} is DOWN)/.test(
    line.text,
  );
}
