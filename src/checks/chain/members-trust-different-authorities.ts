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
  rationale:
    'A client or peer that one member lets in is refused by another. Most often a rotation of the CA ' +
    'stopped half way: some members were restarted with the new file, some were not.',
  remediation:
    'Give every member the same trusted CA file, old and new CA both, and restart one after the other ' +
    'those that still hold the old list.',
  references: [etcdListener],
  standards: [],

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
      message: `on their ${port} ports the members trust different CAs`,
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
