import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdListener, rfc5280 } from '../support/references.ts';
import { listsInForce } from '../../deployment/revocations.ts';
import { showDate } from '../support/when.ts';

export const crlOutOfDate = defineCheck({
  id: 'crl-out-of-date',
  title: 'A revocation list is out of date',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'etcd does not look at the dates of a list and goes on with an old one without a warning. Whatever ' +
    'was revoked since is still let in.',
  remediation:
    'Have the CA issue a new list and copy it over the old file on every member: it is read anew for each ' +
    'connection. Let a timer do that before nextUpdate.',
  references: [rfc5280('5.1.2.5'), etcdListener],
  standards: [],

  needs: ['files', 'members'],

  targets: listsInForce,

  examine({ list: { nextUpdate, issuer } }, { now }) {
    if (nextUpdate === undefined || now <= new Date(nextUpdate)) return pass;

    return fail({
      message: `the list of ${issuer.text} should have been replaced on ${showDate(nextUpdate, now)}`,
      expected: `nextUpdate after ${now.toISOString().slice(0, 10)}`,
      actual: nextUpdate,
    });
  },
});
