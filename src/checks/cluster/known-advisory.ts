import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Known } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { advisories } from '../support/advisories.ts';
import { groupBy } from '../../model/group-by.ts';
import { enumerate } from '../../model/words.ts';

export const knownAdvisory = defineCheck({
  id: 'known-advisory',
  title: 'etcd version has published vulnerabilities',
  severity: 'medium',
  rationale:
    'This version has published vulnerabilities in its authentication or TLS code that later releases ' +
    'fix. A correct TLS configuration still rejects clients without a certificate.',
  remediation:
    'Upgrade to the latest patch release of the same minor version, one member at a time; patch releases ' +
    'can be mixed.',
  references: [
    'https://github.com/etcd-io/etcd/security/advisories',
    ...advisories.map(({ url }) => url),
  ],

  decidedBy: 'forecast',
  needs: ['members'],
  welcomes: ['statuses'],

  targets: (facts) =>
    [...versionsIn(facts)].map(([version, of]) => ({
      target: { ...wholeCluster, name: `etcd ${version}` },
      version: etcdVersion(version),
      owners: of.map(({ owner }) => owner),
      ...(of.some(({ isReported }) => isReported) && { decidedBy: 'observation' as const }),
    })),

  examine({ version, owners }) {
    const known = advisories.filter(({ affects }) => affects(version));
    if (known.length === 0) return pass;

    return fail({
      message: `etcd ${version.text} has published vulnerabilities: ${known.map(({ id }) => id).join(', ')}`,
      expected: 'a release that fixes them',
      actual: `${version.text} on ${enumerate(owners)}`,
      cause: known.map(({ id, what }) => `${id}: ${what}`).join('\n'),
    });
  },
});

/** Versions that were given or reported by the cluster; an assumed version proves nothing. */
function versionsIn({ members, statuses = [] }: Known<'members', 'statuses'>) {
  const reported = statuses.flatMap(({ version, endpoint, target }) =>
    version === undefined
      ? []
      : [{ version, owner: endpoint.member ?? target.name, isReported: true }],
  );
  const owners = reported.map(({ owner }) => owner);
  const given = members
    .filter(({ etcdVersion: { origin } }) => origin.via !== 'assumed' && origin.via !== 'default')
    .filter(({ name }) => !owners.includes(name))
    .map(({ etcdVersion: { value }, name }) => ({
      version: value,
      owner: name,
      isReported: false,
    }));
  return groupBy([...reported, ...given], ({ version }) => etcdVersion(version).text);
}
