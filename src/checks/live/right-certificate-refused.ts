import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import type { Known } from '../../model/check.ts';
import type { Admission } from '../../model/live.ts';
import { causeInWords, diagnoseAttempt, type Surroundings } from '../diagnosed.ts';
import { isExpectedRefusal } from '../edges.ts';
import { namesIn } from '../names.ts';
import { etcdSecurity } from '../references.ts';
import { certificatesIn } from '../uses.ts';

export const rightCertificateRefused = defineCheck({
  id: 'right-certificate-refused',
  title: 'A port refuses a certificate that it ought to accept',
  severity: 'high',
  rationale:
    'The files say that this certificate is good here, and the running process refuses it. A member that ' +
    'still holds an old CA in memory, another CA under the same name, a CRL, or an address that is ' +
    'translated on the way does that.',
  remediation:
    'Read the log of the member at this moment (`journalctl -u etcd`, and `etcd-tls-audit explain`): it ' +
    'names the reason. If the CA file was changed since its start, restart the member.',
  references: [etcdSecurity],
  standards: [],

  needs: ['admissions'],
  welcomes: ['forecast', 'endpoints', 'files', 'members', 'clients', 'processes'],

  targets: (facts) => attemptsThatShouldSucceed(facts),

  examine({ attempts }, { facts, now }) {
    const refused = attempts.filter(({ outcome }) => outcome === 'refused' || outcome === 'closed');
    const [first] = refused;
    if (first === undefined) return isAdmitted(attempts) ? pass : notProven(attempts);

    if (refused.every((attempt) => isRefusedForItsSource(attempt, facts))) return pass;

    const versions = [...new Set(refused.map(({ tlsVersion }) => tlsVersion))].toSorted();
    return fail({
      message: `it refuses ${first.certificateFile ?? 'the certificate'}${first.owner === undefined ? '' : ` of ${first.owner}`}`,
      expected: 'an answer',
      actual: `${howEnded(first)} over TLS ${versions.join(' and ')}`,
      ...whyAndHow(first, facts, now),
    });
  },
});

function attemptsThatShouldSucceed({ admissions, forecast = [] }: Known<'admissions', 'forecast'>) {
  const groups = new Map<string, Admission[]>();
  for (const admission of admissions) {
    const isRight = { client: 'client', member: 'peer', nothing: '', foreign: '' };
    if (isRight[admission.presented] !== admission.endpoint.serves) continue;
    if (forecast.some((edge) => isExpectedRefusal(edge, admission))) continue;
    const key = `${admission.endpoint.url} ${admission.certificateFile ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), admission]);
  }
  return [...groups.values()].flatMap((attempts) => {
    const [first] = attempts;
    return first === undefined ? [] : [{ target: first.target, attempts }];
  });
}

function isAdmitted(attempts: readonly Admission[]): boolean {
  return attempts.some(({ outcome }) => outcome === 'admitted');
}

function notProven([attempt]: readonly Admission[]) {
  const code = attempt?.code === undefined ? '' : ` (${attempt.code})`;
  return inconclusive(
    `${attempt?.endpoint.url ?? 'it'} gave no answer that proves admission${code}`,
  );
}

function howEnded({ outcome, alert, code }: Admission): string {
  if (outcome === 'closed') return 'the connection was closed after the handshake, without a word';
  return alert === undefined
    ? `refused with ${code ?? 'no reason'}`
    : `refused with TLS alert ${alert}`;
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
