import type { Edge } from '../model/forecast.ts';
import type { Argument, Expert, FailedAttempt } from './attempts/attempt.ts';
import { beforeTls } from './attempts/before-tls.ts';
import { clientCertificate } from './attempts/client-certificate.ts';
import { servedCertificate } from './attempts/served-certificate.ts';
import { type Cause, type CauseCode, causes } from './cause.ts';
import { causeOfEdge } from './cause-of-edge.ts';

/** What a failed connection means, with the arguments on both sides. */
export interface Diagnosis {
  readonly cause: CauseCode;
  readonly title: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
  readonly ruledOut: readonly string[];
  /** Other causes that the evidence leaves open, best first, each with its best argument. */
  readonly alternatives: readonly { readonly cause: CauseCode; readonly because: string }[];
  readonly confidence: 'certain' | 'likely' | 'open';
  /** The certificate to look at, where one is to blame. */
  readonly lookAt?: {
    readonly file: string;
    readonly subject: string;
    readonly serialNumber: string;
  };
  /** The one look that would decide between the causes left. */
  readonly lookNext?: string;
}

/** Each looks at one stage of the connection; all are heard. */
const experts: readonly Expert[] = [
  beforeTls,
  servedCertificate,
  clientCertificate,
  forecastAgrees,
];

/** Names the cause of a failed connection. Pure. */
export function diagnose(attempt: FailedAttempt): Diagnosis {
  const heard = experts.flatMap((expert) => expert(attempt));
  const [best, ...others] = rank(heard);
  const cause: Cause = causes[best.code];
  const lead = best.score - (others[0]?.score ?? 0);
  const lookNext = lead < 5 ? lookThatDecides(attempt) : undefined;
  return {
    cause: best.code,
    title: cause.title,
    remedy: foretold(attempt.edge) ?? cause.remedy,
    evidence: reasons(heard, best.code),
    ruledOut: heard.filter(({ weight }) => weight < 0).map(({ because }) => because),
    alternatives: others.slice(0, 3).map(({ code }) => ({
      cause: code,
      because: reasons(heard, code).join('; '),
    })),
    confidence: confidenceOf(best.score, lead),
    ...lookAt(attempt, best.code, cause),
    ...(lookNext !== undefined && { lookNext }),
  };
}

/** The forecast knows the very file and flag; the catalogue only the kind of fault. */
function foretold(edge: Edge | undefined): string | undefined {
  return edge?.outcome === 'refused' ? edge.remedy : undefined;
}

/** The files foretold this very refusal: then its rule is the cause, whatever the alert was. */
function forecastAgrees({ edge, admission }: FailedAttempt): readonly Argument[] {
  if (edge?.outcome !== 'refused' || admission?.outcome === 'admitted') return [];
  const cause = causeOfEdge(edge);
  if (cause === undefined) return [];
  const text = edge.serverError ?? edge.clientError ?? edge.rule;
  return [{ cause, weight: 12, because: `the files foretell it: ${text}` }];
}

interface Scored {
  readonly code: CauseCode;
  readonly score: number;
}

function rank(heard: readonly Argument[]): readonly [Scored, ...Scored[]] {
  const scores = new Map<CauseCode, number>();
  for (const { cause, weight } of heard) scores.set(cause, (scores.get(cause) ?? 0) + weight);
  const [best, ...others] = [...scores]
    .map(([code, score]) => ({ code, score }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score);
  return best === undefined ? [{ code: 'UNKNOWN', score: 0 }] : [best, ...others];
}

function reasons(heard: readonly Argument[], code: CauseCode): readonly string[] {
  return heard
    .filter(({ cause, weight }) => cause === code && weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ because }) => because);
}

function confidenceOf(score: number, lead: number): Diagnosis['confidence'] {
  if (score >= 8 && lead >= 3) return 'certain';
  return score >= 5 && lead > 0 ? 'likely' : 'open';
}

/** A refused served certificate is the server's, a refused shown one is ours; elsewhere none is to blame. */
function lookAt(
  attempt: FailedAttempt,
  code: CauseCode,
  { area }: Cause,
): Pick<Diagnosis, 'lookAt'> {
  if (area !== 'certificate' && code !== 'CLOCK') return {};
  const blamed = attempt.servedRefusal?.certificate;
  if (blamed !== undefined) {
    const { subject, serialNumber } = blamed;
    return {
      lookAt: {
        file: attempt.edge?.blame?.file ?? 'as served',
        subject: subject.text,
        serialNumber,
      },
    };
  }
  if (attempt.shown === undefined) return {};
  const { file, certificate } = attempt.shown;
  return {
    lookAt: { file, subject: certificate.subject.text, serialNumber: certificate.serialNumber },
  };
}

function lookThatDecides({ admission, observation }: FailedAttempt): string {
  const member = observation.endpoint.member ?? observation.endpoint.url;
  if (admission?.outcome === 'refused' || admission?.outcome === 'closed') {
    return `the line \`rejected connection\` in the log of ${member} at this moment names the reason`;
  }
  return `\`ss -ltnp\` on the host of ${member}: which process listens there?`;
}
