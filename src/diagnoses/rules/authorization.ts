import { all, amid, type Rule, says, saysAny } from './rule.ts';

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
      'allowed-name',
      'revoked',
      'crl-unreadable',
    ),
    because: 'the certificate was accepted by TLS; its name, CRL entry or user was not',
  },
  {
    cause: 'AUTHZ',
    weight: 6,
    when: amid('allowed-names-set'),
    because: 'a list of allowed names is in force, and the CN or the names decide who is let in',
  },
  {
    cause: 'AUTHZ',
    weight: 6,
    when: all(says('permission-denied'), amid('sporadic')),
    because: 'files are denied always or never; users of etcd may be denied some keys only',
  },
  {
    cause: 'CLUSTER-ID',
    weight: 10,
    when: says('cluster-id'),
    because: 'members exchanged cluster ids, which happens after TLS has succeeded',
  },
];
