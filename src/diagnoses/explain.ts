import { adviceFor } from './advice.ts';
import type { CauseCode } from './cause.ts';
import { type LogLine, parseLogLine } from './log-line.ts';
import { openTitle, lookThatDecides } from './open-questions.ts';
import { type Reading, readLine } from './reading.ts';
import { authorityRules } from './rules/authorities.ts';
import { authorizationRules } from './rules/authorization.ts';
import { clientRules } from './rules/clients.ts';
import { nameRules } from './rules/names.ts';
import type { Rule } from './rules/rule.ts';
import { settingRules } from './rules/settings.ts';
import { harmlessRules, surroundingRules } from './rules/surroundings.ts';
import { undecidedRules } from './rules/undecided.ts';
import { usageAndDateRules } from './rules/usages-and-dates.ts';
import type { SignalId } from './signals/signal.ts';
import { standingOf } from './standing.ts';
import { type Confidence, confidenceOf, weigh, type Weighed } from './weigh.ts';

/** What one line means: which side rejected which, over what, and what to do. */
export interface Explanation {
  readonly line: LogLine;
  /** What the line says, for those who narrow the cause with more evidence. */
  readonly signals: Reading['signals'];
  readonly alert?: string;
  /** `accepting` is the side that listens, `dialling` the one that connects. */
  readonly refusedBy?: 'accepting' | 'dialling' | 'network';
  /** Whose certificate was judged, where one was. */
  readonly about?: 'server certificate' | 'client certificate';
  /** `UNKNOWN` where the words do not decide: then the alternatives are what is possible. */
  readonly cause: CauseCode;
  readonly title: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
  readonly confidence: Confidence;
  /** Other causes that fit, best first. */
  readonly alternatives: readonly Alternative[];
  /** The one look that would decide between them. */
  readonly lookNext?: string;
  /** True when nothing needs fixing. */
  readonly harmless: boolean;
  /** How near it is to the reason of an incident; the highest leads. */
  readonly standing: number;
}

export interface Alternative {
  readonly cause: CauseCode;
  readonly evidence: string;
}

const rules: readonly Rule[] = [
  ...nameRules,
  ...authorityRules,
  ...usageAndDateRules,
  ...clientRules,
  ...settingRules,
  ...surroundingRules,
  ...authorizationRules,
  ...harmlessRules,
  ...undecidedRules,
];

/** Explains a line; nothing for one that says nothing about connections or settings. Pure. */
export function explain(raw: string): Explanation | undefined {
  const line = parseLogLine(raw);
  return line.isCommand === true ? undefined : explainLine(line);
}

/** The same for a line that was taken apart already. */
export function explainLine(line: LogLine): Explanation | undefined {
  const reading = readLine(line);
  if (reading === undefined) return undefined;
  const ranked = weigh(
    rules
      .filter((rule) => rule.when(reading))
      .map(({ cause, weight, because }) => ({
        cause,
        weight,
        because: typeof because === 'string' ? because : because(reading),
      })),
  );
  if (ranked.length === 0 && !failing.some((id) => reading.signals.has(id))) return undefined;
  return explanationOf(reading, ranked);
}

/** What says that something failed, even where no rule knows over what. */
const failing: readonly SignalId[] = [
  'remote-alert',
  'own-alert',
  'eof',
  'reset',
  'deadline',
  'transport-closing',
  'reason-hidden',
  'permission-denied',
  'path-missing',
  'version-2-client',
  'rejected',
  'handshake-failed',
];

function explanationOf(reading: Reading, ranked: readonly Weighed[]): Explanation {
  const confidence = confidenceOf(ranked);
  const [best, ...others] = ranked;
  const isOpen = confidence === 'open' || best === undefined;
  const cause = isOpen ? 'UNKNOWN' : best.cause;
  const direction = directionOf(reading, cause);
  const rivals = isOpen ? ranked : others.filter(({ score }) => score * 3 >= best.score);
  const { title, remedy } = isOpen
    ? { title: openTitle(reading), remedy: '' }
    : adviceFor(best.cause, reading, direction.about);
  const lookNext = lookThatDecides(reading, cause);
  return {
    line: reading.line,
    signals: reading.signals,
    ...(reading.alert !== undefined && { alert: reading.alert }),
    ...direction,
    cause,
    title,
    remedy,
    evidence: isOpen ? [] : best.because,
    confidence,
    alternatives: rivals
      .slice(0, 6)
      .map(({ cause: code, because }) => ({ cause: code, evidence: because[0] ?? '' })),
    ...(lookNext !== undefined && { lookNext }),
    harmless: cause === 'NOISE',
    standing: standingOf(reading, cause),
  };
}

/** Who ended it, and whose certificate was judged. */
function directionOf(reading: Reading, cause: CauseCode): Direction {
  const { line, signals, alert } = reading;
  const says = (ids: readonly SignalId[]): boolean => ids.some((id) => signals.has(id));
  if (alert !== undefined) return directionOfAlert(alert, line);
  // The gateway compares the names of its own member's certificate with the list, too.
  if (says(['allowed-name']) && line.role === 'dialling') return byClient;
  if (says(acceptingSideJudged)) return byServer;
  if (says(['refused', 'no-route', 'timeout']) && ofNetwork.includes(cause)) {
    return { refusedBy: 'network' };
  }
  if (!says(eitherSideJudged)) return {};
  return line.role === 'accepting' ? byServer : byClient;
}

const ofNetwork: readonly CauseCode[] = ['NET', 'UNKNOWN', 'DNS', 'CONFIG'];

type Direction = Pick<Explanation, 'refusedBy' | 'about'>;

const byClient: Direction = { refusedBy: 'dialling', about: 'server certificate' };
const byServer: Direction = { refusedBy: 'accepting', about: 'client certificate' };

/**
 * An alert in a log was sent by the other side: in etcd's log the client refused etcd's certificate,
 * in a client's output etcd refused the client's.
 */
function directionOfAlert(alert: string, { role }: LogLine): Direction {
  const direction = role === 'accepting' ? byClient : byServer;
  if (/certificate|unknown ca/.test(alert)) return direction;
  return direction === byClient ? { refusedBy: 'dialling' } : { refusedBy: 'accepting' };
}

/** Verdicts that only the side which listens can reach. */
const acceptingSideJudged: readonly SignalId[] = [
  'verification-by-server',
  'no-certificate-shown',
  'peer-name-mismatch',
  'revoked',
  'allowed-name',
];

const eitherSideJudged: readonly SignalId[] = [
  'host-not-in-names',
  'no-ip-names',
  'common-name-only',
  'unknown-authority',
  'candidate-authority',
  'wrong-usage',
  'outside-validity',
  'expired',
  'not-yet-valid',
  'issuer-not-found',
  'self-signed',
  'verification-failed',
];
