import { shiftClock } from '../shift-clock.ts';
import { everyUrl } from './operator.ts';
import { client, processOf, type Scene } from './scene.ts';
import type { Situation, Stage } from './situation.ts';

/** Clocks that differ. */
export const clocks: readonly Situation[] = [
  {
    name: 'one-clock-behind',
    what: "the clock of one of three members is three hours behind, and the client's certificate is new",
    on: { members: 3, changes: olderThanTheClient() },
    arrange: async (scene) => shifted(scene, -3, 'node2'),
    verify: ['CLOCK'],
    also: ['certificate-not-yet-valid', 'gateway-connection-rejected'],
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

/** All but the certificate of the client is of last year. */
function olderThanTheClient(): NonNullable<Stage['changes']> {
  const ofLastYear = {
    validFrom: new Date(Date.now() - 400 * 86_400_000),
    validTo: new Date(Date.now() + 400 * 86_400_000),
  };
  const leaves = [1, 2, 3].flatMap((number) => [`node_${number}`, `node_${number}_peer`]);
  return {
    authorities: {
      ca: { ...ofLastYear, commonName: 'etcd cluster CA' },
      peer_ca: { ...ofLastYear, commonName: 'etcd peer CA' },
    },
    leaves: Object.fromEntries(leaves.map((name) => [name, ofLastYear])),
  };
}

async function shifted(scene: Scene, hours: number, ...members: readonly string[]): Promise<void> {
  for (const member of members) await shiftClock(processOf(scene, member).id, hours * 3600);
}
