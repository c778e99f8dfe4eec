import { atLeastOff, isOff, ownClockOff } from '../../deployment/clocks.ts';
import {
  defineCheck,
  fail,
  type HasTarget,
  inconclusive,
  pass,
  type Verdict,
} from '../../model/check.ts';
import type { ClockReading } from '../../model/live.ts';
import { type Target, wholeCluster } from '../../model/target.ts';
import { rfc5280 } from '../support/references.ts';
import { showMoment, spoken } from '../support/when.ts';
import { memberNamed } from '../support/subjects.ts';

export const clockSkew = defineCheck({
  id: 'clock-skew',
  title: 'Clocks of this host and of a member differ',
  severity: 'medium',
  decidedBy: 'observation',
  rationale:
    'Each side checks the dates of certificates with its own clock: a clock that is behind rejects ' +
    'certificates that were just issued, a clock that is ahead rejects certificates before they expire. ' +
    'Leases and tokens are affected too.',
  remediation:
    'Compare `chronyc tracking` (or `timedatectl`) on this host and on the member, and let both use the ' +
    'same time servers. Step a clock that is far off while the member is stopped.',
  references: [rfc5280('4.1.2.5'), 'https://etcd.io/docs/latest/faq/'],

  needs: ['processes'],

  // A peer port reports the time only to clients with an accepted peer certificate.
  targets: ({ processes }): readonly Clock[] => {
    const own = ownClockOff(processes);
    if (own !== undefined) return [{ target: thisHost, own }];
    return processes
      .filter(({ endpoint, clock }) => clock !== undefined || endpoint.serves === 'client')
      .map(({ target, endpoint, clock }) => ({
        target,
        member: memberNamed(endpoint),
        ...(clock !== undefined && { clock }),
      }));
  },

  examine({ own, member = 'a member', clock }) {
    if (own !== undefined) return isHostOff(own);
    if (clock === undefined) return inconclusive('no response contained the time of the member');
    if (!isOff(clock)) return pass;

    const skew = atLeastOff(clock);
    return fail({
      message: `the clock of ${member} is ${skew > 0 ? 'ahead of' : 'behind'} this host's by ${spoken(skew)} or more`,
      expected: `${showMoment(clock.answeredAt)}, the time of this host`,
      actual: showMoment(clock.serverTime),
    });
  },
});

/** Of a member, or `own`, in which this host's clock differs from those of all members. */
interface Clock extends HasTarget {
  readonly clock?: ClockReading;
  readonly member?: string;
  readonly own?: number;
}

const thisHost: Target = { ...wholeCluster, name: 'this host' };

/** The members agree with each other, so the odd one out is the host that asked. */
function isHostOff(own: number): Verdict {
  return fail({
    message: `the clock of this host is ${own > 0 ? 'behind' : 'ahead of'} the members' by ${spoken(own)}`,
    expected: 'the time of the members; this report uses it for dates',
    actual: `${spoken(own)} ${own > 0 ? 'behind' : 'ahead'}`,
    fix: 'Correct the clock of this host (`chronyc makestep` or `timedatectl set-ntp true`). The members agree with each other.',
  });
}
