import type { ClientDraft, MemberDraft, Mount } from '../../model/draft.ts';
import { groupBy } from '../../model/group-by.ts';
import type { EmbeddedText } from './settings-form.ts';

/** Files that a holder writes to its host: `user-data#/etc/etcd/server.crt`. */
interface Written {
  readonly written: readonly string[];
  readonly texts: readonly EmbeddedText[];
}

type Draft = Pick<MemberDraft, 'origin' | 'mounts'> & Partial<Pick<MemberDraft, 'container'>>;

/**
 * Adds the files that the same holder writes with contents that were not seen, as a placeholder or the URL of a
 * file: a given file of the same name is not known to be what is there.
 */
export function withUnseenFiles(files: Written) {
  const seen = new Set(
    files.texts.filter(({ text }) => text.includes('-----BEGIN ')).map(({ path }) => path),
  );
  const unseen = groupBy(
    [...new Set(files.written)].filter((path) => !seen.has(path)),
    (path) => path.split('#')[0] ?? '',
    (path) => path.slice(path.indexOf('#') + 1),
  );
  const mountsOf = ({ origin, mounts, container }: Draft): readonly Mount[] => {
    const [source = ''] = origin.file.split('#');
    const added = (unseen.get(source) ?? [])
      .flatMap((path) => placesOf(path, mounts, container !== undefined))
      .map((inside): Mount => ({ inside, from: 'other', source }));
    return added.length === 0 ? mounts : [...mounts, ...added];
  };
  return {
    member: (draft: MemberDraft): MemberDraft => ({ ...draft, mounts: mountsOf(draft) }),
    client: (draft: ClientDraft): ClientDraft => ({
      ...draft,
      mounts: mountsOf({ ...draft, ...draft.process }),
    }),
  };
}

/** Where a process finds a path of the host. */
function placesOf(path: string, mounts: readonly Mount[], isContained: boolean): readonly string[] {
  if (!isContained) return [path];
  return mounts.flatMap(({ inside, from, source }) =>
    from === 'host' && path.startsWith(`${source}/`) ? [inside + path.slice(source.length)] : [],
  );
}
