import type { Severity } from './severity.ts';

/** The thresholds an operator may move. Everything else about a check is fixed. */
export interface Policy {
  /** Days before notAfter from which a certificate is reported as expiring. */
  readonly expiryWarningDays: number;
  /** Days of validity above which a leaf certificate is reported as long-lived. */
  readonly maximumLeafLifetimeDays: number;
}

export const defaultPolicy: Policy = { expiryWarningDays: 30, maximumLeafLifetimeDays: 1185 };

/** How to judge, unless options say otherwise: the `config` section of an inventory. */
export interface Preferences extends Partial<Policy> {
  readonly failOn?: Severity;
  /** Check ids. */
  readonly skip?: readonly string[];
  readonly only?: readonly string[];
}
