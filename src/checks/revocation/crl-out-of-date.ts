import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdListener, rfc5280 } from '../support/references.ts';
import { listsInForce } from '../../deployment/revocations.ts';
import { showDate } from '../support/when.ts';

export const crlOutOfDate = defineCheck({
  id: 'crl-out-of-date',
  title: 'CRL is out of date',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'etcd ignores the dates of a CRL and uses an old one without a warning. Certificates revoked since ' +
    'then are still accepted.',
  remediation:
    'Have the CA issue a new CRL and copy it over the old file on every member: etcd reads it again for ' +
    'each connection. Let a timer do that before nextUpdate.',
  references: [rfc5280('5.1.2.5'), etcdListener],

  needs: ['files', 'members'],

  targets: listsInForce,

  examine({ list: { nextUpdate, issuer } }, { now }) {
    if (nextUpdate === undefined || now <= new Date(nextUpdate)) return pass;

    return fail({
      message: `the CRL of ${issuer.text} was due for replacement on ${showDate(nextUpdate, now)}`,
      expected: `nextUpdate after ${now.toISOString().slice(0, 10)}`,
      actual: nextUpdate,
    });
  },
});
