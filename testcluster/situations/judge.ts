import type { Finding } from '../live/findings.ts';
import { applies } from '../truth/applies.ts';
import type { Trial } from './trial.ts';
import type { Situation } from './situation.ts';

export interface Judged {
  /** What was named first. */
  readonly named: string;
  readonly isRight: boolean;
  /** What was named next to it without reason. */
  readonly others: readonly string[];
}

/** What is true of every cluster here: of the release, and of settings left unchanged. */
const ofEveryCluster = [
  'known-advisory',
  'weak-cipher-suite',
  'tls-1-2-accepted',
  'legacy-tls-version',
  'authorization-off',
  'name-in-common-name-only',
];

const severities = ['critical', 'high', 'medium', 'low', 'info'];

/** The worst finding, and everything that is stated next to it. */
export function judgeVerify({
  situation,
  findings,
}: Pick<Trial, 'situation' | 'findings'>): Judged {
  const { verify, also = [], all = [] } = situation;
  const sorted = findings
    .filter(({ check }) => !ofEveryCluster.includes(check))
    .toSorted(
      (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
    );
  const [first] = sorted;
  const isComplete = all.every((each) =>
    findings.some(({ check, cause }) => each === check || each === cause),
  );
  return {
    named: first === undefined ? 'nothing' : (first.cause ?? first.check),
    isRight:
      first === undefined
        ? verify.length === 0
        : isComplete && (isOneOf(first, verify) || (verify.length === 0 && isOneOf(first, also))),
    others: [
      ...new Set(
        sorted
          .slice(1)
          .filter((each) => !isOneOf(each, verify) && !isOneOf(each, also))
          .map(({ check, cause }) => (cause === undefined ? check : `${check} ${cause}`)),
      ),
    ],
  };
}

/** A finding that names a cause is right by that alone, where any cause is expected. */
function isOneOf({ check, cause }: Finding, allowed: readonly string[]): boolean {
  if (cause !== undefined && allowed.some(isCause)) return allowed.includes(cause);
  return allowed.includes(check);
}

/** Codes of causes are in capitals, ids of checks are not. */
function isCause(allowed: string): boolean {
  return /^[A-Z]/.test(allowed);
}

export function judgeExplain({ situation: { explain }, told }: Trial): Judged {
  const [first] = told;
  // What leaves the cause open states none: a run of `verify` alone looks like a scanner's to etcd.
  const named = first === undefined ? 'nothing' : first.isOpen ? 'undecided' : first.cause;
  if (explain === undefined) return { named, isRight: true, others: [] };
  return {
    named,
    isRight:
      first === undefined || first.isOpen
        ? explain.length === 0 || explain.includes('UNKNOWN')
        : explain.includes(first.cause),
    others: [
      ...new Set(
        told
          .slice(1)
          .filter(({ cause }) => !explain.includes(cause))
          .map(({ cause }) => cause),
      ),
    ],
  };
}

export function isGood(trial: Trial): boolean {
  const isRight = [judgeVerify(trial), judgeExplain(trial)].every(
    (judged) => judged.isRight && judged.others.length === 0,
  );
  return isRight && trial.exit === trial.situation.exit && trial.otherwise.length === 0;
}

/** Whether a release has what the situation is about. */
export function concerns({ name, what, since }: Situation, version: string): boolean {
  return applies({ name, what, changes: {}, ...(since !== undefined && { since }) }, version);
}
