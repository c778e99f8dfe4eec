import type { CauseCode } from '../cause.ts';
import type { Circumstance } from '../circumstances.ts';
import type { Reading } from '../reading.ts';
import type { SignalId } from '../signals/signal.ts';

/** One argument for or against a cause. */
export interface Rule {
  readonly cause: CauseCode;
  /** How much it says, from 1 (consistent with) to 10 (decides); negative speaks against. */
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

/** True when any of these stands around the failure. */
export function amid(...names: readonly Circumstance[]): Rule['when'] {
  return ({ circumstances }) => names.some((name) => circumstances.has(name));
}

/** True when the other side sent one of these alerts. */
export function alerted(...names: readonly string[]): Rule['when'] {
  return ({ alert }) => alert !== undefined && names.includes(alert);
}

/** True when all of the conditions hold. */
export function all(...conditions: readonly Rule['when'][]): Rule['when'] {
  return (reading) => conditions.every((holds) => holds(reading));
}

/** True when the condition does not hold. */
export function not(condition: Rule['when']): Rule['when'] {
  return (reading) => !condition(reading);
}

/** What a signal captured, or a dash. */
export function captured(reading: Reading, id: SignalId, name: string): string {
  return reading.signals.get(id)?.values[name] ?? '-';
}

/** True when a name that was dialled is not in the certificate. */
export const nameMismatch = saysAny('host-not-in-names', 'no-ip-names', 'common-name-only');

/** Java's words; no URL of a real deployment that Java dials by says `etcd` alone. */
export function wantsLibraryDefault({ line }: Reading): boolean {
  return /name matching etcd found/.test(line.text);
}
