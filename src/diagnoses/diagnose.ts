import type { Certificate } from '../model/certificate.ts';
import type { Edge } from '../model/forecast.ts';
import { type Expert, type FailedAttempt, isRejectedByServer } from './attempts/attempt.ts';
import { beforeTls } from './attempts/before-tls.ts';
import { clientCertificate } from './attempts/client-certificate.ts';
import { servedCertificate, wordsForServed } from './attempts/served-certificate.ts';
import { wordsForPort } from './attempts/wrong-port.ts';
import { type Cause, type CauseCode, causes } from './cause.ts';
import { causeOfEdge } from './cause-of-edge.ts';
import { conclude, type Diagnosis } from './conclude.ts';
import type { Argument } from './weigh.ts';

/** Each looks at one stage of the connection; all are heard. */
const experts: readonly Expert[] = [
  beforeTls,
  servedCertificate,
  clientCertificate,
  forecastAgrees,
];

/** Names the cause of a failed connection. Pure. */
export function diagnose(seen: FailedAttempt): Diagnosis {
  const attempt = canBePredicted(seen) ? seen : withoutEdge(seen);
  const heard = experts.flatMap((expert) => expert(attempt));
  const diagnosis = conclude(heard, lookThatDecides(attempt));
  const { title, remedy } = {
    ...diagnosis,
    ...wordsForPort(diagnosis.cause, attempt.observation),
    ...wordsForServed(diagnosis.cause, attempt),
  };
  return {
    ...diagnosis,
    title,
    remedy: predicted(attempt.edge) ?? remedy,
    ...lookAt(attempt, diagnosis.cause, causes[diagnosis.cause]),
  };
}

/**
 * Where no TLS was spoken, no handshake has failed: what the files predict of one is not what happened. Nor is it what
 * they predict of clients where the port rejects.
 */
function canBePredicted(attempt: FailedAttempt): boolean {
  const { edge, observation, admission } = attempt;
  if (isRejectedByServer(attempt) && edge?.refusedBy === 'client') return false;
  const speaksTls = observation.speaks === 'tls' || observation.speaks === 'tls-alert';
  return speaksTls || admission !== undefined || edge === undefined || !endsInTls(edge);
}

/** Rejections by a side are of its TLS, but for those that have a port without TLS, or none, as their reason. */
function endsInTls({ rule, refusedBy }: Edge): boolean {
  if (/^(?:endpoint|network)\.|^tls\.(?:plaintext-to-tls|tls-to-plaintext)$/.test(rule))
    return false;
  return refusedBy === 'client' || refusedBy === 'server';
}

function withoutEdge({ edge: _edge, ...attempt }: FailedAttempt): FailedAttempt {
  return attempt;
}

/** The forecast knows the very file and flag; the catalogue only the kind of fault. */
function predicted(edge: Edge | undefined): string | undefined {
  return edge?.outcome === 'refused' ? edge.remedy : undefined;
}

/** The files predicted this very refusal: then its rule is the cause, whatever the alert was. */
function forecastAgrees({ edge, admission }: FailedAttempt): readonly Argument[] {
  if (edge?.outcome !== 'refused' || admission?.outcome === 'admitted') return [];
  const cause = causeOfEdge(edge);
  if (cause === undefined) return [];
  const text = edge.serverError ?? edge.clientError ?? edge.rule;
  return [{ cause, weight: 12, because: `the files predict it: ${text}` }];
}

/** A refused served certificate is the server's, a refused shown one is ours; elsewhere none is to blame. */
function lookAt(
  attempt: FailedAttempt,
  code: CauseCode,
  { area }: Cause,
): Pick<Diagnosis, 'lookAt'> {
  if (area !== 'certificate' && code !== 'CLOCK') return {};
  const { shown, servedRefusal, edge } = attempt;
  const blamed = isRejectedByServer(attempt) ? undefined : servedRefusal?.certificate;
  if (blamed !== undefined) return lookIn(fileOf(blamed, edge) ?? asServed, blamed);
  return shown === undefined ? {} : lookIn(shown.file, shown.certificate);
}

function fileOf({ sha256 }: Certificate, edge: Edge | undefined): string | undefined {
  return edge?.blame?.sha256 === sha256 ? edge.blame.file : undefined;
}

function lookIn(
  file: string,
  { subject, serialNumber }: Certificate,
): Required<Pick<Diagnosis, 'lookAt'>> {
  return { lookAt: { file, subject: subject.text, serialNumber } };
}

const asServed = 'the certificate as served';

function lookThatDecides(attempt: FailedAttempt): string {
  const { observation } = attempt;
  const member = observation.endpoint.member ?? observation.target.name;
  if (isRejectedByServer(attempt)) {
    return `the line \`rejected connection\` in the log of ${member} at this moment names the reason`;
  }
  if (observation.speaks === 'silence') {
    return `the log of ${member}: a member that waits for a quorum writes so, and a process that is stopped or frozen writes nothing`;
  }
  return `\`ss -ltnp\` on the host of ${member}: which process listens there?`;
}
