import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdListener, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';

export const wildcardName = defineCheck({
  id: 'wildcard-name',
  title: 'Member certificate contains a wildcard name',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'The holder of a wildcard certificate can impersonate every host under the domain. On the peer port ' +
    "etcd's own comparison matches more than Go's: `*.example` matches any name that ends in `.example`, " +
    'at any depth.',
  remediation:
    'Issue each member a certificate with its own names. Clusters with changing members (DNS discovery) ' +
    'may need the wildcard: then protect its key like a CA key.',
  references: [etcdListener, rfc5280('4.2.1.6')],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server', 'peer', 'peer-dial'),

  examine({ leaf, uses }) {
    const wildcards = leaf.subjectAltName?.dnsNames.filter((name) => name.includes('*')) ?? [];
    if (wildcards.length === 0) return pass;

    return fail({
      message: `the ${describeUses(uses)} is valid for any host of ${enumerate(wildcards)}`,
      expected: 'the names of its own member',
      actual: wildcards.map((name) => `DNS:${name}`).join(', '),
    });
  },
});
