import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Member } from '../../model/inventory.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import { showNames } from '../../deployment/names.ts';
import { etcdSecurity } from '../support/references.ts';
import { ownersOf } from '../../deployment/sharing.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { hostOf } from '../../model/host.ts';

export const certificateValidForEveryMember = defineCheck({
  id: 'certificate-valid-for-every-member',
  title: 'Certificate of one member is valid for all members',
  severity: 'low',
  rationale:
    'A certificate that names every member lets its host impersonate any other member, and hides mix-ups ' +
    'of files.',
  remediation: 'Issue each member a certificate with its own addresses and names only.',
  references: [etcdSecurity],

  needs: ['files', 'members', 'clients'],

  targets(facts) {
    const hosts = facts.members.map(advertisedHosts).filter((each) => each.length > 0);
    if (new Set(hosts.flat()).size < 2 || hosts.length < 2) return [];
    return credentialsOf(facts, 'server', 'peer')
      .filter(({ uses }) => ownersOf(uses).members.length === 1)
      .map((credential) => ({ ...credential, hosts }));
  },

  examine({ leaf, uses, hosts }) {
    const isValidFor = (host: string): boolean =>
      verifyHostName(leaf, host, currentGo) === undefined;
    if (!hosts.every((ofMember) => ofMember.some(isValidFor))) return pass;

    return fail({
      message: `the ${describeUses(uses)} is valid for every other member too`,
      expected: 'the names of its own member',
      actual: showNames(leaf),
    });
  },
});

function advertisedHosts({ settings }: Member): readonly string[] {
  const urls = [...settings.advertiseClientUrls.value, ...settings.initialAdvertisePeerUrls.value];
  return urls.map(hostOf).filter((host) => host !== undefined);
}
