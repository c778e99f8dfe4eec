import { defineCheck, fail, pass } from '../../model/check.ts';
import type { EndpointObservation } from '../../model/live.ts';
import { wholeCluster } from '../../model/target.ts';
import { etcdListener } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';

export const membersTrustDifferentAuthorities = defineCheck({
  id: 'members-trust-different-authorities',
  title: 'Running members trust different CAs',
  severity: 'medium',
  decidedBy: 'observation',
  rationale:
    'A client or peer that one member accepts is rejected by another. Most often a CA rotation was not ' +
    'completed: only some members were restarted with the new file.',
  remediation:
    'Give every member the same trusted CA file, with both the old and the new CA, and restart the ' +
    'members that still use the old list, one at a time.',
  references: [etcdListener],

  needs: ['endpoints'],

  targets: ({ endpoints }) =>
    (['client', 'peer'] as const).flatMap((port) => {
      const asking = endpoints.filter(
        ({ endpoint, flight }) =>
          endpoint.serves === port && flight?.clientCertificateRequested === true,
      );
      const target = { ...wholeCluster, name: `${port} ports of the cluster` };
      return asking.length < 2 ? [] : [{ target, port, asking }];
    }),

  examine({ asking, port }) {
    const lists = groupBy(
      asking,
      trusted,
      ({ endpoint, target }) => endpoint.member ?? target.name,
    );
    if (lists.size < 2) return pass;

    const sides = [...lists].map(([list, names]) => `${enumerate(names)}: ${list || 'none'}`);
    return fail({
      message: `the members trust different CAs on their ${port} ports`,
      expected: 'the same CAs everywhere',
      actual: sides.join('; '),
    });
  },
});

function trusted({ flight }: EndpointObservation): string {
  return (flight?.acceptableCas ?? [])
    .map(({ text }) => text)
    .toSorted()
    .join(' and ');
}
