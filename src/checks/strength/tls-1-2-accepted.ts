import { etcdVersion, hasSince } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { mozilla } from '../../standards/mozilla-tls.ts';

export const tls12Accepted = defineCheck({
  id: 'tls-1-2-accepted',
  title: 'A port takes TLS 1.2',
  severity: 'info',
  rationale:
    "TLS 1.2 is sound with the suites of Mozilla's intermediate profile, and the modern one is TLS 1.3 alone: " +
    'it has no weak suites to choose, and hides the certificates of both sides from who listens in.',
  remediation:
    'Nothing has to be done. Where every client and member speaks TLS 1.3, set `--tls-min-version=TLS1.3` on ' +
    'one member after the other (etcd 3.4.25, 3.5.8 and later), and leave `--cipher-suites` out: etcd does ' +
    'not start with both.',
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
        versions,
        release: members.find(({ name }) => name === endpoint.member)?.etcdVersion.value,
      })),

  examine({ versions, release }) {
    if (versions.every((version) => version === '1.3')) return pass;

    const canBeSet =
      release === undefined || hasSince(etcdVersion(release), ['3.4.25', '3.5.8', '3.6.0']);
    return fail({
      message: `the port accepts TLS ${versions.filter((version) => version !== '1.3').join(' and ')}`,
      expected: "TLS 1.3 alone, by Mozilla's modern profile",
      actual: versions.map((version) => `TLS ${version}`).join(', '),
      ...(!canBeSet && {
        fix: `Nothing has to be done. etcd ${release} has no \`--tls-min-version\`; 3.4.25 and 3.5.8 have it.`,
      }),
    });
  },
});
