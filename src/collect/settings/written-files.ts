import type { ClientDraft, MemberDraft, Mount } from '../../model/draft.ts';
import { getOrMake } from '../../model/get-or-make.ts';
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
  const onHost = new Map<string, readonly Mount[]>();
  const mountsOf = ({ origin, mounts, container }: Draft): readonly Mount[] => {
    const [source = ''] = origin.file.split('#');
    const mounted = (places: readonly string[]) =>
      places.map((inside): Mount => ({ inside, from: 'other', source }));
    const paths = unseen.get(source) ?? [];
    const added =
      container === undefined
        ? getOrMake(onHost, source, () => mounted(paths))
        : mounted(paths.flatMap((path) => placesOf(path, mounts)));
    return mounts.length === 0 ? added : [...mounts, ...added];
  };
  return {
    member: (draft: MemberDraft): MemberDraft => ({ ...draft, mounts: mountsOf(draft) }),
    client: (draft: ClientDraft): ClientDraft => ({
      ...draft,
      mounts: mountsOf({ ...draft, ...draft.process }),
    }),
  };
}

/** Where a process in a container finds a path of the host. */
function placesOf(path: string, mounts: readonly Mount[]): readonly string[] {
  return mounts.flatMap(({ inside, from, source }) =>
    from === 'host' && path.startsWith(`${source}/`) ? [inside + path.slice(source.length)] : [],
  );
}
