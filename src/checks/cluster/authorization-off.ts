import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { etcdAuthentication } from '../support/references.ts';

export const authorizationOff = defineCheck({
  id: 'authorization-off',
  title: 'Every certificate that is let in may do everything',
  severity: 'info',
  rationale:
    'Without users and roles of etcd, TLS is the only gate: each client that it lets in can read, change ' +
    'and delete every key. For a cluster that serves Kubernetes alone that is usual.',
  remediation:
    'Where several applications share the cluster, add users and roles and run `etcdctl auth enable`; with ' +
    '`--client-cert-auth` the common name of the certificate is the user.',
  references: [etcdAuthentication],
  standards: [],

  needs: ['statuses'],

  targets: ({ statuses }) => {
    const known = statuses.flatMap(({ authEnabled }) => authEnabled ?? []);
    const isOn = known.length === 0 ? undefined : known.includes(true);
    return statuses.length === 0 ? [] : [{ target: wholeCluster, isOn }];
  },

  examine({ isOn }) {
    if (isOn === undefined) return inconclusive('no member said whether users are switched on');
    if (isOn) return pass;

    return fail({
      message: 'users and roles are switched off, so every client certificate is an administrator',
      expected: 'etcdctl auth enable, where clients differ in what they may do',
      actual: 'authentication disabled',
    });
  },
});
