import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';

export const versionSkew = defineCheck({
  id: 'version-skew',
  title: 'Members run different versions of etcd',
  severity: 'low',
  decidedBy: 'observation',
  rationale:
    'This is normal during an upgrade. Otherwise the members apply different rules to certificates (Go ' +
    'releases, CRL formats, flags), and a client is accepted by one and rejected by another.',
  remediation: 'Finish the upgrade, one member at a time; never skip a minor release.',
  references: ['https://etcd.io/docs/latest/upgrades/'],

  needs: ['statuses'],

  targets: ({ statuses }) => {
    const known = statuses.filter(({ version }) => version !== undefined);
    return known.length === 0 ? [] : [{ target: wholeCluster, known }];
  },

  examine({ known }) {
    const versions = new Set(known.map(({ version = '' }) => etcdVersion(version).text));
    if (versions.size < 2) return pass;

    return fail({
      message: `the members run ${[...versions].toSorted().join(' and ')}`,
      expected: 'one version',
      actual: known
        .map(({ endpoint, target, version = '' }) => `${endpoint.member ?? target.name} ${version}`)
        .join(', '),
    });
  },
});
