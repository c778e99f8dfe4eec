import { all, type Rule, says, saysAny } from './rule.ts';

/** Rules about what comes after TLS. */
export const authorizationRules: readonly Rule[] = [
  {
    cause: 'AUTHZ',
    weight: 10,
    when: saysAny(
      'user-name-empty',
      'permission-denied-by-etcd',
      'gateway-common-name',
      'proxy-common-name',
      'invalid-user',
    ),
    because: 'TLS accepted the certificate; etcd then refused its common name or user',
  },
  {
    cause: 'AUTHZ',
    weight: 10,
    when: all(says('permission-denied'), ({ line }) => line.caller?.startsWith('auth') === true),
    because: "etcd's users and roles refused the request",
  },
  {
    cause: 'AUTHZ',
    weight: 10,
    when: says('allowed-name'),
    because: 'a list of allowed names is in force, and the name in the certificate is not on it',
  },
  {
    cause: 'AUTHZ',
    weight: 10,
    when: says('revoked'),
    because: 'the certificate is on the CRL',
  },
  {
    cause: 'AUTHZ',
    weight: 10,
    when: says('crl-unreadable'),
    because: 'etcd reads the CRL file at each handshake, and it does not hold a CRL',
  },
  {
    cause: 'CLUSTER-ID',
    weight: 10,
    when: says('cluster-id'),
    because: 'members exchanged cluster ids, which happens after TLS has succeeded',
  },
  {
    cause: 'CLUSTER-ID',
    weight: 10,
    when: says('raft-log-lost'),
    because:
      'the leader knows entries that this member has lost: its data directory was emptied or restored',
  },
  {
    cause: 'CLUSTER-ID',
    weight: 10,
    when: says('member-removed'),
    because: 'the cluster has removed this member, and its data directory still belongs to it',
  },
];
