import type { Assumption, Basis } from './basis.ts';
import type { CheckMetadata, Verdict } from './check.ts';
import type { Facts, NotUnderstood } from './evidence.ts';
import type { Edge } from './forecast.ts';
import type { Policy } from './policy.ts';
import type { Severity } from './severity.ts';
import type { Target } from './target.ts';

/** What an audit concluded. Reporters read this and nothing else. */
export interface Report {
  readonly schemaVersion: 2;
  readonly tool: { readonly name: string; readonly version: string };
  readonly command: 'check' | 'verify';
  readonly collectedAt: string;
  readonly verdict: OverallVerdict;
  /** The thresholds that were judged by; the defaults when absent. */
  readonly policy?: Policy;
  /** From which severity a finding fails the run; `high` when absent. */
  readonly failOn?: Severity;
  /** The checks that ran, passing ones included. */
  readonly checks: readonly CheckMetadata[];
  readonly results: readonly Result[];
  readonly forecast: readonly Edge[];
  readonly gaps: readonly Gap[];
  /** What became of each waiver; absent when none were given. */
  readonly waivers?: readonly WaiverUse[];
  /** When expired certificates will have cost the quorum; absent when none of them will. */
  readonly quorumLoss?: {
    readonly at: string;
    readonly expired: readonly string[];
    /** Of which cluster, where there are several. */
    readonly cluster?: string;
  };
  /** What the conclusions rest on, for reports that draw pictures of it. */
  readonly facts: Partial<Facts>;
}

/** The answer to the whole audit. */
export type SkippedCheck = Pick<CheckMetadata, 'id' | 'severity'>;

export interface OverallVerdict {
  readonly status: 'pass' | 'fail' | 'incomplete';
  readonly scope: ScopeKind;
  /** Members that are known by name and whose files were not given. */
  readonly missing: readonly string[];
  /** Drop-ins, environment files and excerpts that were read as all the settings of their process. */
  readonly excerpts: readonly string[];
  /** Set for a `verify` that tried no connection which etcd ought to reject. */
  readonly predictedOnly?: true;
  /** Checks that apply and that the command line or the inventory left out. */
  readonly skipped?: readonly SkippedCheck[];
  /** One sentence without markup. May hold text from certificates: escape before showing. */
  readonly sentence: string;
  /** The one thing to give or do next; absent where nothing needs to be done. */
  readonly next?: string;
  /** True when a check threw, which no option excuses. */
  readonly crashed: boolean;
  /** What was supposed, whether or not it decided anything. */
  readonly assumptions: readonly Assumption[];
  readonly notUnderstood: readonly NotUnderstood[];
}

/**
 * What was there to judge. `certificates`: no settings of etcd; `members`: some members' files are missing;
 * `client`: a client alone, its connections and what its endpoints serve and accept.
 */
export type ScopeKind = 'cluster' | 'certificates' | 'members' | 'client';

export interface Scope extends Pick<OverallVerdict, 'missing' | 'excerpts'> {
  readonly kind: ScopeKind;
}

/** One check's verdict on one target. */
export interface Result {
  readonly check: CheckMetadata;
  readonly target: Target;
  readonly verdict: Verdict | NotApplicable | Crash;
  /** The weakest basis of the facts that decided. */
  readonly basis: Basis;
  /** Set where it is another than the check's own. */
  readonly severity?: Severity;
  /** Names of the refused connections of which this failure is the cause; a waiver covers them too. */
  readonly folded?: readonly string[];
  /** Set when the operator accepted this finding. */
  readonly waived?: Waiver;
  /** True when the baseline has the same finding with all that is folded into it: it does not fail the run. */
  readonly known?: boolean;
}

export interface NotApplicable {
  readonly status: 'not-applicable';
  /** Why nothing is asked here, where that is not plain from the check. */
  readonly because?: string;
}

/** The check itself threw: an internal error of this tool, not a fault of the cluster. */
export interface Crash {
  readonly status: 'crashed';
  readonly because: string;
}

/** An accepted finding, with a reason and an end date. */
export interface Waiver {
  readonly check: string;
  /** Target name, `*` for all. */
  readonly target: string;
  readonly reason: string;
  readonly owner: string;
  /** ISO 8601 date, the last day on which it holds. */
  readonly expires: string;
}

/** A waiver and whether it did anything. `expired` fails the run: the decision has to be taken again. */
export interface WaiverUse {
  readonly waiver: Waiver;
  readonly state: 'used' | 'unused' | 'expired';
}

/** One certificate as a line of a table. Hostile text: escape before showing. */
export interface CertificateSummary {
  readonly subject: string;
  /** `server, peer`, `client`, `CA`; empty where nothing uses it. */
  readonly role: string;
  /** Members and clients that use it; empty where nothing does. */
  readonly owner: string;
  /** IP addresses, then DNS names. */
  readonly names: readonly string[];
  /** Paths of files; `served by URL` for what only the running cluster showed. */
  readonly files: readonly string[];
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days from the moment judged to `notAfter`; negative once it has expired. */
  readonly daysLeft: number;
  readonly serialNumber: string;
  readonly sha256: string;
  /** `ECDSA P-256`, `RSA 2048`. */
  readonly key: string;
  readonly signatureAlgorithm: string;
  readonly usages: readonly string[];
}

/** Something that could not be seen, and why. */
export interface Gap {
  readonly what: string;
  readonly because: string;
  /** What to give so that it can be seen, as an instruction. */
  readonly give?: string;
  /** Whether the operator asked for it, so that the run is incomplete without it. */
  readonly asked: boolean;
}
