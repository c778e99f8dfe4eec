import type { Assumption } from '../model/basis.ts';
import type { Member } from '../model/inventory.ts';
import { enumerate } from '../model/words.ts';

/** What is taken for granted of processes: that they can open their files, wherever nothing shows it. */
export function unseenProcesses(members: readonly Member[] = []): readonly Assumption[] {
  return [...about(members, 'account'), ...about(members, 'owners')];
}

function about(
  members: readonly Member[],
  unseen: NonNullable<Member['unseen']>,
): readonly Assumption[] {
  const names = members
    .filter((member) => member.known === 'settings' && member.unseen === unseen)
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [{ about: `the processes of ${enumerate(names)}`, ...words[unseen] }];
}

const words = {
  account: {
    because:
      "the hosts' users and sandboxes were not seen; etcd is assumed to be able to read its files",
    notCovered: "the hosts' users and sandboxes were not seen",
    give: 'give the unit, manifest or compose file that starts etcd, with the user that it runs as',
  },
  owners: {
    because:
      'the owners and modes of the files on the hosts were not seen, only those of copies; etcd is assumed to be able to read its files',
    notCovered: 'the owners of the files on the hosts were not seen',
    give: 'give the evidence that `etcd-tls-audit collect` writes on each host',
  },
} as const;
