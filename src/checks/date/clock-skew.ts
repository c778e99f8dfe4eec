import { defineCheck, fail, pass } from '../../model/check.ts';
import type { ClockReading } from '../../model/live.ts';
import { rfc5280 } from '../support/references.ts';

const tolerated = 5000;

export const clockSkew = defineCheck({
  id: 'clock-skew',
  title: "A member's clock is wrong, as seen from here",
  severity: 'medium',
  rationale:
    'Each side judges the dates of certificates by its own clock: one that is behind refuses certificates ' +
    'that were just issued, one that is ahead refuses them before they expire. Leases and tokens suffer too.',
  remediation:
    'Compare `chronyc tracking` (or `timedatectl`) on this host and on the member, and let both follow the ' +
    'same time servers. Step a clock that is far off while the member is stopped.',
  references: [rfc5280('4.1.2.5'), 'https://etcd.io/docs/latest/faq/'],
  standards: [],

  needs: ['processes'],

  targets: ({ processes }) =>
    processes.flatMap(({ target, clock }) => (clock === undefined ? [] : [{ target, clock }])),

  examine({ clock }) {
    const skew = atLeastOff(clock);
    if (Math.abs(skew) <= tolerated) return pass;

    const seconds = Math.round(Math.abs(skew) / 1000);
    return fail({
      message: `its clock is ${skew > 0 ? 'ahead' : 'behind'} by at least ${seconds} seconds`,
      expected: `between ${clock.askedAt} and ${clock.answeredAt}`,
      actual: clock.serverTime,
    });
  },
});

/** Milliseconds by which the clocks differ for certain: the time that the question took proves nothing. */
function atLeastOff({
  serverTime,
  askedAt,
  answeredAt,
  resolutionMilliseconds,
}: ClockReading): number {
  const server = Date.parse(serverTime);
  const behind = server + resolutionMilliseconds - Date.parse(askedAt);
  const ahead = server - Date.parse(answeredAt);
  if (behind < 0) return behind;
  return ahead > 0 ? ahead : 0;
}
