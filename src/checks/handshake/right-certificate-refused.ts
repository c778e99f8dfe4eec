import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { type About, aboutEdge } from '../../model/about.ts';
import type { Known } from '../../model/check.ts';
import type { Admission } from '../../model/live.ts';
import { causeInWords, diagnoseAttempt } from '../support/live-diagnosis.ts';
import type { Surroundings } from '../support/served-chain.ts';
import { isExpectedRefusal, isLike } from '../support/edges.ts';
import { namesIn } from '../../deployment/names.ts';
import { etcdSecurity } from '../support/references.ts';
import { certificatesIn } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';
import { portNamed } from '../support/subjects.ts';

export const rightCertificateRefused = defineCheck({
  id: 'right-certificate-refused',
  title: 'Port rejects a certificate that it should accept',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'According to the files this certificate is valid here, but the running process rejects it. Causes ' +
    'are an old CA in memory, another CA with the same name, a CRL, or address translation.',
  remediation:
    'Read the log of the member (`journalctl -u etcd | etcd-tls-audit explain -`), which contains the ' +
    'reason. If the CA file changed since the member started, restart the member.',
  references: [etcdSecurity],

  explains: ['seen-refused'],
  decidedBy: 'comparison',
  needs: ['admissions'],
  welcomes: ['forecast', 'endpoints', 'files', 'members', 'clients', 'processes'],

  targets: (facts) => attemptsThatShouldSucceed(facts),

  examine({ certificates }, { facts, now }) {
    const refused = certificates
      .map((attempts) => attempts.filter(isRefused))
      .filter((attempts) => attempts.length > 0)
      .filter((attempts) => !attempts.every((attempt) => isRefusedForItsSource(attempt, facts)));
    const [first] = refused.flat();
    if (first === undefined) {
      const open = certificates.find((attempts) => !attempts.some(hasEnded));
      return open === undefined ? pass : notProven(open);
    }

    const versions = [...new Set(refused.flat().map(({ tlsVersion }) => tlsVersion))].toSorted();
    return fail({
      about: aboutAttempts(refused.flat(), facts),
      message: `${portNamed(first.endpoint)} rejects ${enumerate(refused.flatMap(([attempt]) => (attempt ? whose(attempt, facts) : [])))}`,
      expected: 'an answer',
      actual: `${howEnded(first)} over TLS ${versions.join(' and ')}`,
      ...whyAndHow(first, facts, now),
    });
  },
});

/** The connections that would show the same certificate at the same port. */
function aboutAttempts(
  refused: readonly Admission[],
  { forecast = [] }: Surroundings,
): readonly About[] {
  return forecast.filter((edge) => refused.some((attempt) => isLike(edge, attempt))).map(aboutEdge);
}

function whose(attempt: Admission, { forecast = [] }: Surroundings): string {
  const { certificateFile = 'the certificate' } = attempt;
  const owner = forecast.find((edge) => isLike(edge, attempt))?.from;
  return owner === undefined ? certificateFile : `${certificateFile} of ${owner}`;
}

/** By certificate, all that were shown to one port: one cause, such as a CA that it lacks, hits several. */
function attemptsThatShouldSucceed(facts: Known<'admissions', keyof Surroundings>) {
  const { admissions, forecast = [] } = facts;
  const isRight = { client: 'client', member: 'peer', nothing: '', foreign: '' };
  const right = admissions.filter(
    (admission) =>
      isRight[admission.presented] === admission.endpoint.serves &&
      !forecast.some((edge) => isExpectedRefusal(edge, admission)),
  );
  return [...groupBy(right, ({ endpoint }) => endpoint.url).values()].map((attempts) => ({
    target: attempts[0].target,
    ...(attempts.some((attempt) => isRefused(attempt) && isStated(attempt, facts)) && {
      decidedBy: 'observation' as const,
    }),
    certificates: [...groupBy(attempts, ({ certificateFile }) => certificateFile ?? '').values()],
  }));
}

/** Whether settings or options say who shows the certificate, which is else supposed from it alone. */
function isStated(
  { certificateFile }: Admission,
  { members = [], clients = [] }: Surroundings,
): boolean {
  return [...members, ...clients].some(
    ({ known, files }) =>
      known === 'settings' && files.some(({ file }) => file === certificateFile),
  );
}

function isRefused({ outcome }: Admission): boolean {
  return outcome === 'refused' || outcome === 'closed';
}

function hasEnded(attempt: Admission): boolean {
  return attempt.outcome === 'admitted' || isRefused(attempt);
}

function notProven([attempt]: readonly Admission[]) {
  const code = attempt?.code === undefined ? '' : ` (${attempt.code})`;
  return inconclusive(
    `${attempt?.target.name ?? 'the endpoint'} gave no answer that proves acceptance${code}`,
  );
}

function howEnded({ outcome, alert, code }: Admission): string {
  if (outcome === 'closed')
    return 'the connection was closed after the handshake, without a message';
  return alert === undefined
    ? `rejected with ${code ?? 'no reason'}`
    : `rejected with TLS alert ${alert}`;
}

/**
 * The peer port took the certificate and then closed, because we dial from another address than the
 * member's: from here it ought to. That the certificate itself was taken has been seen all the same.
 */
function isRefusedForItsSource(
  { outcome, endpoint, localAddress, certificateFile }: Admission,
  { files = [] }: Surroundings,
): boolean {
  if (outcome !== 'closed' || endpoint.serves !== 'peer' || localAddress === undefined)
    return false;
  const file = files.find(({ path }) => path === certificateFile);
  const [names] = file === undefined ? [] : certificatesIn(file).map(namesIn);
  return names !== undefined && names.length > 0 && !names.includes(localAddress);
}

function whyAndHow(refused: Admission, facts: Surroundings, now: Date) {
  const observation = facts.endpoints?.find(
    ({ endpoint }) => endpoint.url === refused.endpoint.url,
  );
  if (observation === undefined) return {};
  const diagnosis = diagnoseAttempt(observation, refused, facts, now);
  return { cause: causeInWords(diagnosis), fix: diagnosis.remedy };
}
