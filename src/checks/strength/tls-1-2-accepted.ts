import { etcdVersion, hasSince } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { mozilla } from '../../standards/mozilla-tls.ts';
import { memberNamed } from '../support/subjects.ts';

export const tls12Accepted = defineCheck({
  id: 'tls-1-2-accepted',
  title: 'Port accepts TLS 1.2',
  severity: 'info',
  decidedBy: 'observation',
  rationale:
    "TLS 1.2 is secure with the suites of Mozilla's intermediate profile; the modern profile is TLS 1.3 " +
    'only, which has no weak suites and hides the certificates of both sides from eavesdroppers.',
  remediation:
    'Keep TLS 1.2 unless a policy forbids it. If every client and member supports TLS 1.3, set ' +
    '`--tls-min-version=TLS1.3` on one member at a time (etcd 3.4.25, 3.5.8 and later), and remove ' +
    '`--cipher-suites`: etcd does not start with both.',
  references: [
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
    'https://etcd.io/docs/latest/op-guide/security/',
  ],
  standards: [mozilla('modern', 'versions')],

  needs: ['offers'],
  welcomes: ['members'],

  targets: ({ offers, members = [] }) =>
    offers
      .filter(({ versions }) => versions.length > 0)
      .map(({ target, endpoint, versions }) => ({
        target,
        endpoint,
        versions,
        release: members.find(({ name }) => name === endpoint.member)?.etcdVersion.value,
      })),

  examine({ endpoint, versions, release }) {
    if (versions.every((version) => version === '1.3')) return pass;

    const canBeSet =
      release === undefined || hasSince(etcdVersion(release), ['3.4.25', '3.5.8', '3.6.0']);
    return fail({
      message: `TLS ${versions.filter((version) => version !== '1.3').join(' and ')} is accepted by ${memberNamed(endpoint)}`,
      expected: "TLS 1.3 only, by Mozilla's modern profile",
      actual: versions.map((version) => `TLS ${version}`).join(', '),
      ...(!canBeSet && {
        fix: `Keep TLS 1.2: etcd ${release} has no \`--tls-min-version\`; 3.4.25 and 3.5.8 have it.`,
      }),
    });
  },
});
