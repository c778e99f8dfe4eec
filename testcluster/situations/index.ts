import { nodesOf } from '../nodes.ts';
import { mistaken } from './mistaken.ts';
import { addresses } from './addresses.ts';
import { behind } from './behind.ts';
import { broken } from './broken.ts';
import { clocks } from './clocks.ts';
import { fronts } from './fronts.ts';
import { further } from './further.ts';
import { later } from './later.ts';
import { listeners } from './listeners.ts';
import { operator } from './operator.ts';
import type { Situation, Stage } from './situation.ts';
import { rarer } from './rarer.ts';
import { sound } from './sound.ts';
import { several } from './several.ts';
import { running } from './running.ts';

export type { Situation } from './situation.ts';

export const situations: readonly Situation[] = [
  ...sound,
  ...operator,
  ...fronts,
  ...listeners,
  ...clocks,
  ...broken,
  ...further,
  ...rarer,
  ...addresses,
  ...mistaken,
  ...running,
  ...several,
  ...behind,
  ...later,
];

/** Clusters that situations share. */
export const stages: Readonly<Record<string, Stage>> = {
  three: { members: 3, changes: { leaves: leavesNamed(() => ['etcd.balanced']) } },
  'three-by-name': {
    members: 3,
    changes: { leaves: leavesNamed((number) => [`node${number}.example`]) },
  },
};

/** Server certificates with the usual names and more. */
function leavesNamed(more: (number: number) => readonly string[]) {
  return Object.fromEntries(
    nodesOf('netns').map(({ number, address, publicAddress, hostname }) => [
      `node_${number}`,
      { hosts: [address, publicAddress, '127.0.0.1', 'localhost', hostname, ...more(number)] },
    ]),
  );
}
