import { shiftClock } from '../shift-clock.ts';
import { everyUrl } from './operator.ts';
import { client, processOf, type Scene } from './scene.ts';
import type { Situation } from './situation.ts';

/** Clocks that differ. */
export const clocks: readonly Situation[] = [
  {
    name: 'one-clock-behind',
    what: 'the clock of one of three members is three hours behind',
    on: { members: 3 },
    arrange: async (scene) => shifted(scene, -3, 'node2'),
    verify: ['CLOCK'],
    also: ['certificate-not-yet-valid', 'gateway-self-dial-fails'],
    exit: 1,
    explain: ['CLOCK'],
  },
  {
    name: 'this-clock-differs',
    what: 'the members agree on the time, and only the host of the operator differs',
    on: { members: 3 },
    arrange: async (scene) => shifted(scene, 2, 'node1', 'node2', 'node3'),
    verify: ['CLOCK'],
    exit: 0,
    explain: [],
  },
  {
    name: 'this-clock-differs-and-dates-count',
    what: 'the same by two years, so that certificates are expired for the members alone',
    on: { members: 3 },
    arrange: async (scene) => {
      await shifted(scene, 17_520, 'node1', 'node2', 'node3');
      return { parameters: client(scene, everyUrl(scene)) };
    },
    verify: ['CLOCK', 'EXPIRED'],
    also: ['certificate-expired', 'ordinary-client-refused', 'right-certificate-refused'],
    exit: 1,
    explain: ['EXPIRED', 'CLOCK'],
  },
  {
    name: 'issued-today',
    what: 'the certificate of the operator was issued a minute ago',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'of_today' }) }),
    verify: [],
    exit: 0,
    explain: [],
  },
];

async function shifted(scene: Scene, hours: number, ...members: readonly string[]): Promise<void> {
  for (const member of members) await shiftClock(processOf(scene, member).id, hours * 3600);
}
