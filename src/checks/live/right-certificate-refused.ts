import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import type { Known } from '../../model/check.ts';
import type { Admission } from '../../model/live.ts';
import { isExpectedRefusal } from '../edges.ts';
import { etcdSecurity } from '../references.ts';

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
  welcomes: ['forecast'],

  targets: (facts) => attemptsThatShouldSucceed(facts),

  examine({ attempts }) {
    const refused = attempts.filter(({ outcome }) => outcome === 'refused' || outcome === 'closed');
    const [first] = refused;
    if (first === undefined) return isAdmitted(attempts) ? pass : notProven(attempts);

    const versions = [...new Set(refused.map(({ tlsVersion }) => tlsVersion))].toSorted();
    return fail({
      message: `it refuses ${first.certificateFile ?? 'the certificate'}${first.owner === undefined ? '' : ` of ${first.owner}`}`,
      expected: 'an answer',
      actual: `${howEnded(first)} over TLS ${versions.join(' and ')}`,
      ...(first.outcome === 'closed' && { cause: closedMeans(first) }),
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

function closedMeans({ localAddress, endpoint }: Admission): string {
  const from = localAddress === undefined ? '' : `; this host dials from ${localAddress}`;
  return endpoint.serves === 'peer'
    ? `etcd refuses so by the SANs against the address of who dials, by a CRL or by allowed names${from}`
    : 'etcd refuses so by a CRL';
}
