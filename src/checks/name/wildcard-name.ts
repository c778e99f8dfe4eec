import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdListener, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';

export const wildcardName = defineCheck({
  id: 'wildcard-name',
  title: 'A member certificate holds a wildcard name',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'A wildcard certificate lets its holder pass for every host under the domain. On the peer port ' +
    "etcd's own comparison goes further than Go's: `*.example` matches any name that ends in `.example`, " +
    'however deep.',
  remediation:
    'Issue each member a certificate with its own names. Clusters with changing members (discovery by ' +
    'DNS) may need the wildcard: then keep its key as close as a CA key.',
  references: [etcdListener, rfc5280('4.2.1.6')],
  standards: [],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server', 'peer', 'peer-dial'),

  examine({ leaf, uses }) {
    const wildcards = leaf.subjectAltName?.dnsNames.filter((name) => name.includes('*')) ?? [];
    if (wildcards.length === 0) return pass;

    return fail({
      message: `the ${describeUses(uses)} stands for any host of ${enumerate(wildcards)}`,
      expected: 'the names of its own member',
      actual: wildcards.map((name) => `DNS:${name}`).join(', '),
    });
  },
});
