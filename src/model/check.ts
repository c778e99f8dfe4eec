import type { About } from './about.ts';
import type { FactName, Facts } from './evidence.ts';
import type { Edge } from './forecast.ts';
import type { Policy } from './policy.ts';
import type { RefusalRule } from './refusal.ts';
import type { Severity } from './severity.ts';
import type { Target } from './target.ts';

/**
 * One thing that can be wrong with a cluster, and how to detect it.
 *
 * Pure: the same context always gives the same verdicts.
 */
export interface Check<
  Name extends FactName = FactName,
  Subject extends HasTarget = HasTarget,
  Extra extends FactName = FactName,
> extends CheckMetadata {
  readonly needs: readonly Name[];
  /** `forecast` where it is absent. A check that reads facts of the running cluster says it. */
  readonly decidedBy?: Decider;
  /** Facts that sharpen the answer where they are known, and whose absence is no gap. */
  readonly welcomes?: readonly Extra[];
  /**
   * The refusals of which a failure of this check can be the cause. Each failure then says what it is
   * about, and the refused connections about the same thing are part of it.
   */
  readonly explains?: readonly Explained[];
  /** What to examine. Nothing at all means the check does not apply to this cluster. */
  targets(facts: Known<Name, Extra>): readonly Subject[];
  examine(subject: Subject, context: Context<Name, Extra>): Verdict;
}

/**
 * What holds the answer whatever was assumed of the target. `file`: the file itself, its dates, its pairing, its
 * parsing, its chain to the CA given. `observation`: what the running cluster was seen to do. `comparison`: whether
 * that agrees with what its files say; a difference from what was assumed is an open question. `forecast`: settings
 * and certificates, so that the answer is worth as much as what is known of its target.
 */
export type Decider = 'file' | 'observation' | 'comparison' | 'forecast';

/** `seen-refused`: refused on the wire, although settings and certificates predict otherwise. */
export type Explained = RefusalRule | 'seen-refused';

/** What is reported of a connection that the deployment needs, where no failure of a check explains it. */
export interface ConnectionCheck extends CheckMetadata {
  /** Which connections it reports. */
  readonly reports: (edge: Edge) => boolean;
  /** Under which name; the connection's own unless given. */
  readonly targetOf?: (edge: Edge) => Target;
  /** How a refusal reads. */
  readonly describe: (edge: Edge, facts: Partial<Facts>) => Failure;
}

/** Everything that has results and a page: questions about facts, and reports of connections. */
export type CatalogueEntry = Check | ConnectionCheck;

/** Distinguishes questions about facts from reports of connections. */
export function isQuestion(entry: CatalogueEntry): entry is Check {
  return 'examine' in entry;
}

/** The facts that a check sees: those it needs are there, those it welcomes may be. */
export type Known<Name extends FactName, Extra extends FactName = never> = Pick<Facts, Name> &
  Partial<Pick<Facts, Extra>>;

/** What people read about a check: in a report, from `checks ID`, and on its page in docs/checks. */
export interface CheckMetadata {
  /** Names the defect in kebab-case. Also the file name, the page name and the SARIF rule id. */
  readonly id: string;
  /** The defect as one short statement, without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What the defect does to a real cluster at once; absent where nothing happens yet. */
  readonly effect?: Effect;
  /** Set where it is about what a member does once it runs: one that does not start does nothing of it. */
  readonly onceRunning?: true;
  /** What the defect does to a real cluster. */
  readonly rationale: string;
  /** What to change, as flags or commands where possible. */
  readonly remediation: string;
  readonly references: readonly string[];
  readonly standards: readonly StandardControl[];
}

/** What a person has to hear of first among findings of the same severity. */
export type Effect = 'stops-connections' | 'admits-outsiders';

/** A numbered requirement of a published benchmark. */
export interface StandardControl {
  readonly standard: string;
  readonly control: string;
  readonly title: string;
  /** What the control is about: results about anything else do not answer it. */
  readonly component: Component;
}

export const components = [
  'api-server',
  'client-port',
  'peer-port',
  'kubernetes-authority',
  'pki-files',
  'served-tls',
] as const;

export type Component = (typeof components)[number];

export interface Context<Name extends FactName = FactName, Extra extends FactName = never> {
  readonly facts: Known<Name, Extra>;
  readonly policy: Policy;
  /** The moment that is judged. Checks ask this clock and no other. */
  readonly now: Date;
}

export interface HasTarget {
  readonly target: Target;
  /** Set where this target has another than the others of its check. */
  readonly decidedBy?: Decider;
}

export type Verdict =
  | { readonly status: 'pass' }
  | ({ readonly status: 'fail' } & Failure)
  | Inconclusive;

/** A question that what was given does not answer. */
export interface Inconclusive {
  readonly status: 'inconclusive';
  readonly because: string;
  /** What to give or do so that it is answered, as an instruction. */
  readonly give?: string;
}

export interface Failure {
  /** What is wrong with this target, with the values that show it. Lower case, no full stop. */
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  /** Why it is so, where that is another thing than what is wrong. */
  readonly cause?: string;
  /** Set where the cause is what the first connection says that is part of this finding. */
  readonly quotesConnection?: true;
  /** Commands or settings for this very target, where the check's general remediation is not the best one. */
  readonly fix?: string;
  /** When it takes effect, where it has not yet. ISO 8601. */
  readonly due?: string;
  /** Set for a rejection that is part of every other failure that explains this rule and is about the same thing. */
  readonly rejectedBy?: RefusalRule;
  /** What is at fault, as data. Never empty for a check that explains refusals. */
  readonly about?: readonly About[];
}

export const pass: Verdict = { status: 'pass' };

export function fail(failure: Failure): Verdict {
  return { status: 'fail', ...failure };
}

export function inconclusive(because: string, give?: string): Verdict {
  return { status: 'inconclusive', because, ...(give !== undefined && { give }) };
}

/** Most checks answer no control of a benchmark. */
type Defined<Entry extends CheckMetadata> = Omit<Entry, 'standards'> &
  Partial<Pick<Entry, 'standards'>>;

/** Gives a check file its types: what `needs` names is what `targets` and `examine` receive. */
export function defineCheck<
  const Name extends FactName,
  Subject extends HasTarget,
  const Extra extends FactName = never,
>(check: Defined<Check<Name, Subject, Extra>>): Check<Name, Subject, Extra> {
  return { standards: [], ...check };
}

export function defineConnectionCheck(check: Defined<ConnectionCheck>): ConnectionCheck {
  return { standards: [], ...check };
}
