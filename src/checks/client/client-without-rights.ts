import { defineCheck, fail, inconclusive, pass, type Verdict } from '../../model/check.ts';
import type { EtcdUser } from '../../model/live.ts';
import { wholeCluster } from '../../model/target.ts';
import { etcdAuthentication } from '../support/references.ts';

export const clientWithoutRights = defineCheck({
  id: 'client-without-rights',
  title: 'Client certificate has no rights in etcd',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'With `etcdctl auth enable` and `--client-cert-auth` the common name of the certificate is the user. ' +
    'TLS and the member list work for every name; access to keys is rejected with `etcdserver: permission ' +
    'denied`, which etcd 3.5 and later does not log.',
  remediation:
    'Add the user as root and grant it a role: `etcdctl user add NAME --no-password` (3.4 and later; ' +
    'before, with an unused password) and `etcdctl user grant-role NAME ROLE`. Or reissue the certificate ' +
    'with the common name of a user.',
  references: [
    etcdAuthentication,
    'https://github.com/etcd-io/etcd/blob/main/server/auth/store.go',
  ],

  needs: ['statuses'],

  // Users are the same on every member: one answer is enough.
  targets: ({ statuses }) => {
    const answered = statuses.filter(({ authEnabled }) => authEnabled === true);
    const answer = answered.find(({ user }) => user !== undefined) ?? answered[0];
    return answer === undefined
      ? []
      : [
          {
            ...answer,
            target: { ...wholeCluster, name: answer.user ? `user ${answer.user.name}` : 'client' },
          },
        ];
  },

  examine({ user, rights }) {
    if (user !== undefined) return judgeUser(user);
    if (rights === 'every-key') return pass;
    if (rights === 'no-user') {
      return fail({
        message: 'the client certificate does not belong to a user of etcd',
        expected: 'a certificate whose common name is a user with a role',
        actual: 'etcd treats the client as one without a user',
        cause: 'TLS succeeded; etcd then rejects this identity',
      });
    }
    return inconclusive(
      'users are enabled, and the certificate may not read every key; reading the roles of its user ' +
        'requires a call through raft: run `verify --survey`',
    );
  },
});

function judgeUser({ name, isKnown, roles }: EtcdUser): Verdict {
  if (roles.length > 0) return pass;

  return fail({
    message: isKnown
      ? `${name}, the common name of the client's certificate, is a user without any role`
      : `${name}, the common name of the client's certificate, is not a user of etcd`,
    expected: 'a user with a role',
    actual: isKnown ? 'no role' : 'etcdserver: user name not found',
    cause: 'TLS succeeded; etcd then rejects this identity: etcdserver: permission denied',
  });
}
