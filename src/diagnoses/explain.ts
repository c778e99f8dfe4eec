import { type Cause, type CauseCode, causes } from './cause.ts';
import { type LogLine, parseLogLine } from './log-line.ts';
import { rankCauses } from './rank.ts';
import { circumstancesIn } from './circumstances.ts';
import { type Reading, readLine } from './reading.ts';
import { alertOf } from './signals/alerts.ts';
import type { SignalId } from './signals/signal.ts';

/** What one line means: who refused whom, over what, and what to do. */
export interface Explanation {
  readonly line: LogLine;
  /** What the line says, for those who narrow the cause with more evidence. */
  readonly signals: Reading['signals'];
  /** `accepting` is the side that listens, `dialling` the one that connects. */
  readonly refusedBy?: 'accepting' | 'dialling' | 'network';
  /** Whose certificate was judged, where one was. */
  readonly about?: 'server certificate' | 'client certificate';
  readonly cause: CauseCode;
  readonly title: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
  /** `certain`: the words have one meaning; `likely`: others are possible; `open`: they do not decide. */
  readonly confidence: 'certain' | 'likely' | 'open';
  /** Other causes that fit, best first. */
  readonly alternatives: readonly Alternative[];
  /** The one look that would decide between them. */
  readonly lookNext?: string;
  /** True when nothing needs mending. */
  readonly harmless: boolean;
}

export interface Alternative {
  readonly cause: CauseCode;
  readonly title: string;
  readonly evidence: string;
}

/** Explains a line; nothing for one that says nothing about connections or settings. Pure. */
export function explain(raw: string, etcdVersion?: string): Explanation | undefined {
  const reading = readLine(parseLogLine(raw), etcdVersion);
  if (reading.signals.size === 0) return undefined;
  return explainReadings([reading]);
}

/**
 * Explains a description of a symptom, which may hold no message at all, or several of both sides:
 * on lines of their own, or with a semicolon between them. Each is read by itself, and what stands
 * around the failure is true of all of them.
 */
export function explainSymptom(text: string, etcdVersion?: string): Explanation {
  const around = circumstancesIn(text);
  const read = (part: string): Reading => {
    const reading = readLine(parseLogLine(part), etcdVersion);
    return { ...reading, circumstances: new Set([...reading.circumstances, ...around]) };
  };
  const [first = text, ...others] = text.split(/\s+;\s+|\n/).filter((part) => /\S/.test(part));
  return explainReadings([read(first), ...others.map(read)]);
}

function explainReadings(readings: readonly [Reading, ...Reading[]]): Explanation {
  const [best, ...others] = rankCauses(readings);
  const { code, score: bestScore, evidence, reading } = best;
  const cause: Cause = causes[code];
  const rivals = others.filter(({ score }) => score * 2 >= bestScore).slice(0, 3);
  const lookNext = lookThatDecides(reading, code);
  return {
    line: reading.line,
    signals: reading.signals,
    ...directionOf(reading),
    cause: code,
    title: cause.title,
    remedy: cause.remedy,
    evidence,
    confidence: confidenceOf(bestScore, rivals[0]?.score ?? 0),
    alternatives: rivals.map((rival) => ({
      cause: rival.code,
      title: causes[rival.code].title,
      evidence: rival.evidence[0] ?? '',
    })),
    ...(lookNext !== undefined && { lookNext }),
    harmless: cause.area === 'noise' || isGatewayNoise(reading, code),
  };
}

function confidenceOf(best: number, rival: number): Explanation['confidence'] {
  if (best >= 8 && rival <= best - 3) return 'certain';
  return best >= 5 && rival < best ? 'likely' : 'open';
}

/**
 * Who ended it. An alert in a log was sent by the other side: in etcd's log the client refused
 * etcd's certificate, in a client's output etcd refused the client's.
 */
function directionOf({ line, signals }: Reading): Pick<Explanation, 'refusedBy' | 'about'> {
  const alert = signals.get('remote-alert');
  if (alert !== undefined) return directionOfAlert(line, alertOf(alert));
  const says = (ids: readonly SignalId[]): boolean => ids.some((id) => signals.has(id));
  if (says(acceptingSideJudged)) return { refusedBy: 'accepting', about: 'client certificate' };
  if (says(['refused', 'no-route', 'timeout'])) return { refusedBy: 'network' };
  if (!says(eitherSideJudged)) return {};
  return line.role === 'accepting'
    ? { refusedBy: 'accepting', about: 'client certificate' }
    : { refusedBy: 'dialling', about: 'server certificate' };
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
  'wrong-usage',
  'outside-validity',
  'expired',
  'not-yet-valid',
  'issuer-not-found',
  'self-signed',
];

function directionOfAlert(line: LogLine, alert: string): Pick<Explanation, 'refusedBy' | 'about'> {
  const aboutCertificates = /certificate|unknown ca/.test(alert);
  if (line.role === 'accepting') {
    return { refusedBy: 'dialling', ...(aboutCertificates && { about: 'server certificate' }) };
  }
  return { refusedBy: 'accepting', ...(aboutCertificates && { about: 'client certificate' }) };
}

/** etcd's JSON gateway refused by itself: gRPC clients never notice. */
function isGatewayNoise({ circumstances }: Reading, code: CauseCode): boolean {
  return (
    code === 'EKU' && circumstances.has('from-itself') && circumstances.has('otherwise-healthy')
  );
}

function lookThatDecides(reading: Reading, code: CauseCode): string | undefined {
  if (reading.alert === 'bad certificate') return lookAfterAlert(reading.line);
  if (reading.signals.has('deadline')) {
    return 'the same command with `--debug` (etcdctl 3.4) or `verify`, which does not hide the reason';
  }
  if (reading.signals.has('eof') && reading.line.role === 'dialling') {
    return "the other member's log at the same moment, or `verify` from this host";
  }
  return looksByCause.get(code);
}

/** Go clients send alert 42 for whatever they find wrong: only their own output says what it was. */
function lookAfterAlert({ role, remoteAddress }: LogLine): string {
  if (role !== 'accepting') {
    return "etcd's log at the same moment: the line `rejected connection` names the reason";
  }
  return (
    `the output of the client at ${remoteAddress ?? 'the remote address'}: it knows why it ` +
    "refused; or run `etcd-tls-audit check` on etcd's certificate with that client's CA file"
  );
}

const compareAuthorities =
  'the SHA-256 fingerprint of the CA file on both hosts, and when etcd was started';

const looksByCause: ReadonlyMap<CauseCode, string> = new Map([
  ['CA-MIX', compareAuthorities],
  ['CA-SERVER', compareAuthorities],
  ['UNKNOWN', "etcd's log at the same moment"],
]);
