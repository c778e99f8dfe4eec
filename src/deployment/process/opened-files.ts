import type { Facts } from '../../model/evidence.ts';
import type { FileMatch } from '../../model/inventory.ts';
import type { Target } from '../../model/target.ts';

/** A file that the settings of a member or client name, as its process meets it. */
export interface OpenedFile {
  readonly target: Target;
  /** The member or client. */
  readonly owner: string;
  /** What opens it: `etcd`, or the client. */
  readonly program: string;
  readonly match: FileMatch;
}

/**
 * Every file that members and clients open, where it was seen whether they can: not where the account of a
 * process is unknown, and not where only copies of its files were given.
 */
export function openedFiles({
  members,
  clients,
}: Pick<Facts, 'members' | 'clients'>): readonly OpenedFile[] {
  const opened = [
    ...members.map((member) => ({ ...member, program: 'etcd', of: { member: member.name } })),
    ...clients.map((client) => ({
      ...client,
      program: client.name,
      of: {},
      unseen: 'owners' as const,
    })),
  ];
  return opened
    .filter(({ known }) => known === 'settings')
    .flatMap(({ name, target, files, unseen, program, of }) =>
      files
        .filter((match) => unseen === undefined || isJudged(match))
        .map((match) => {
          const location = match.barrier?.location ?? target.location;
          return {
            target: {
              kind: target.kind,
              name: `${name} ${match.deployed}`,
              ...of,
              ...(location !== undefined && { location }),
            },
            owner: name,
            program,
            match,
          };
        }),
    );
}

function isJudged({ barrier, doubt }: FileMatch): boolean {
  return barrier !== undefined || doubt !== undefined;
}
