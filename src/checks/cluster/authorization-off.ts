import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { etcdAuthentication } from '../support/references.ts';

export const authorizationOff = defineCheck({
  id: 'authorization-off',
  title: 'Every accepted client certificate has full access',
  severity: 'info',
  decidedBy: 'observation',
  rationale:
    'Without users and roles in etcd, TLS is the only gate: each accepted client can read, change and ' +
    'delete every key. This is usual for a cluster that only serves Kubernetes.',
  remediation:
    'Add users and roles if several applications share the cluster, then run `etcdctl auth enable`; with ' +
    '`--client-cert-auth` the common name of the certificate is the user.',
  references: [etcdAuthentication],

  needs: ['statuses'],

  targets: ({ statuses }) => {
    const known = statuses.flatMap(({ authEnabled }) => authEnabled ?? []);
    const isOn = known.length === 0 ? undefined : known.includes(true);
    return statuses.length === 0 ? [] : [{ target: wholeCluster, isOn }];
  },

  examine({ isOn }) {
    if (isOn === undefined) return inconclusive('no member reported whether users are enabled');
    if (isOn) return pass;

    return fail({
      message: 'users and roles are disabled, so every client certificate has full access',
      expected: 'authentication enabled (etcdctl auth enable)',
      actual: 'authentication disabled',
    });
  },
});
