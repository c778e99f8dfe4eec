import type { Facts } from '../../model/evidence.ts';
import type { FileMatch } from '../../model/inventory.ts';
import type { Target } from '../../model/target.ts';

/** A file that a member's settings name, as its process meets it. */
export interface OpenedFile {
  readonly target: Target;
  readonly member: string;
  readonly match: FileMatch;
}

/**
 * Every file that members open, as far as it was seen whether they can: not where nothing says as whom a
 * process runs, and not where only copies of its files were given.
 */
export function openedFiles({ members }: Pick<Facts, 'members'>): readonly OpenedFile[] {
  return members
    .filter(({ known }) => known === 'settings')
    .flatMap(({ name, target, files, unseen }) =>
      files
        .filter((match) => unseen === undefined || isJudged(match))
        .map((match) => {
          const location = match.barrier?.location ?? target.location;
          return {
            target: {
              kind: 'member' as const,
              name: `${name} ${match.deployed}`,
              member: name,
              ...(location !== undefined && { location }),
            },
            member: name,
            match,
          };
        }),
    );
}

function isJudged({ barrier, doubt }: FileMatch): boolean {
  return barrier !== undefined || doubt !== undefined;
}
