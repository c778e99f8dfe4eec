import type { Reading } from '../reading.ts';
import { accepting, alerted, all, failedForNoReason, not, type Rule } from './rule.ts';
import { isOnEveryMachine } from '../../model/host.ts';

/** Alerts that Go sends for every fault it finds: they name a side and no reason. */
const vague: Rule['when'] = (reading) =>
  reading.signals.has('bad-record-mac') ||
  alerted('bad certificate', 'certificate unknown', 'unknown certificate')(reading);

/** etcd's gateway, which connects to its own member; Kubernetes' components log in another form. */
export function isSelfDial({ line }: Reading): boolean {
  return (
    line.role === 'dialling' &&
    (line.writtenBy === 'grpc' || line.writtenBy === 'etcd') &&
    line.target !== undefined &&
    isOnEveryMachine(line.target.host)
  );
}

const clientFailed = all(failedForNoReason, not(accepting));

/** What an alert, or a failed verification, without a reason leaves open: none of it outweighs a reason in another line. */
export const undecidedRules: readonly Rule[] = [
  candidate(
    'CA-CLIENT',
    4,
    clientFailed,
    'the client may not have the CA of the certificate that was served, the most frequent reason',
  ),
  candidate('SAN', 3, clientFailed, 'the host it connects to may not be in the certificate'),
  candidate('EXPIRED', 3, failedForNoReason, 'the text is the same for an expired certificate'),
  candidate('CLOCK', 2, failedForNoReason, 'the text is the same for one that is not valid yet'),
  candidate('EKU', 2, clientFailed, 'the certificate may lack serverAuth'),
  candidate('CA-MIX', 1, clientFailed, 'its CA may have the name of the right one and another key'),
  candidate(
    'CA-SERVER',
    4,
    all(failedForNoReason, accepting),
    'the server may not trust the CA of the certificate presented',
  ),
  candidate(
    'EKU',
    2,
    all(failedForNoReason, accepting),
    'the certificate presented may lack clientAuth',
  ),
  candidate(
    'CA-CLIENT',
    2,
    all(vague, accepting),
    'the client may not trust the CA of the server certificate',
  ),
  candidate(
    'SAN',
    2,
    all(vague, accepting),
    'the host it connects to may not be in the certificate',
  ),
  candidate('EXPIRED', 1, vague, 'a certificate outside its validity ends like this'),
  candidate('EKU', 1, all(vague, accepting), 'the certificate may lack serverAuth'),
  candidate(
    'NOCERT',
    3,
    all(vague, not(accepting), not(isSelfDial)),
    'servers built with Go before 1.21 send the same alert when no certificate came',
  ),
  candidate(
    'CA-SERVER',
    2,
    all(vague, not(accepting)),
    'the server may not trust the CA of the certificate presented',
  ),
  candidate(
    'EKU',
    2,
    all(vague, not(accepting), not(isSelfDial)),
    'the certificate presented may lack clientAuth',
  ),
  candidate(
    'EKU',
    4,
    all(vague, not(accepting), isSelfDial),
    'etcd connects to itself with its server certificate, which then needs clientAuth',
  ),
  candidate(
    'EKU',
    3,
    all(({ signals }) => signals.has('reset') || signals.has('eof'), isSelfDial),
    'etcd connects to itself with its server certificate, which then needs clientAuth',
  ),
  candidate('CA-MIX', 1, all(vague, not(isSelfDial)), 'two CAs of one name leave the same alert'),
  candidate(
    'AUTHZ',
    1,
    all(vague, not(accepting)),
    'an allow-list of names or a CRL leaves the same alert',
  ),
];

function candidate(
  cause: Rule['cause'],
  weight: number,
  when: Rule['when'],
  because: string,
): Rule {
  return { cause, weight, when, because };
}
