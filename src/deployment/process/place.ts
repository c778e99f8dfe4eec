import { type Container, type Mount, sourceOf } from '../../model/draft.ts';
import { innermostOf, leadsThrough } from '../../model/mounts.ts';
import type { Barrier, Doubt } from '../../model/inventory.ts';
import { holdsNoCertificates } from '../../etcd/images.ts';

/** What a process sees of the host: all of it, with something else in the place of some directories, or its mounts. */
export interface ProcessView {
  readonly mounts?: readonly Mount[];
  readonly container?: Container;
  /** The directory that it starts in, where that is known. */
  readonly directory?: string;
  /** Where it starts otherwise: settings alone do not say; by hand, as a rule where its files are; or anywhere. */
  readonly start?: 'unstated' | 'by-hand' | 'elsewhere';
  /** Whether it runs as a root that may look into every directory. */
  readonly isRoot?: boolean;
}

/** Where a path of a process leads. */
export type Place =
  /** To the same path of the host, or of the image. */
  | { readonly kind: 'same'; readonly doubt?: Doubt }
  /** To another path of the host, or into a Secret or ConfigMap. */
  | {
      readonly kind: 'outside';
      readonly path: string;
      readonly because: string;
      /** `Secret etcd-tls`, `ConfigMap etcd-ca`: what is not in it is nowhere. */
      readonly holder?: string;
    }
  /** Into something that no file given is part of. */
  | { readonly kind: 'unseen'; readonly holder: string }
  /** To what a command leaves there: on the host itself, the file at that very path is what it left. */
  | { readonly kind: 'written'; readonly by: string; readonly isOnHost: boolean }
  | { readonly kind: 'absent'; readonly barrier: Barrier; readonly because: string };

/** Follows a path through what is mounted; of mounts within one another the innermost counts. */
export function placeOf(path: string, view: ProcessView): Place {
  const [place] = placesOf(path, view);
  return place ?? withinImage(path, view);
}

/** Several where a projected volume puts more than one Secret or ConfigMap in one directory. */
export function placesOf(path: string, view: ProcessView): readonly Place[] {
  const mounts = mountsOf(path, view.mounts ?? []);
  if (mounts.length === 0) return [withinImage(path, view)];
  return mounts.flatMap((mount) => [
    through(mount, path, view),
    // Directories within that directory are joined in the same way.
    ...(mount.joinsNames && pathBelow(path, mount).includes('_')
      ? [{ kind: 'unseen', holder: `the credentials below ${mount.source}` } as const]
      : []),
  ]);
}

function through(mount: Mount, path: string, view: ProcessView): Place {
  switch (mount.from) {
    case 'other':
      return { kind: 'unseen', holder: mount.source };
    case 'written':
      return { kind: 'written', by: mount.source, isOnHost: isOnHost(view) };
    case 'empty':
      return absent(mount, path, 'a new and empty directory', 'no such file or directory');
    case 'inaccessible':
      return absent(
        mount,
        path,
        'inaccessible to the process',
        // Root may look into the directory that covers it, and finds nothing.
        view.isRoot === true ? 'no such file or directory' : 'permission denied',
      );
    case 'host':
    case 'secret':
    case 'config-map':
      return outside(mount, path);
  }
}

/** Whether the paths of a process are those of the host. */
function isOnHost({ container, mounts = [] }: ProcessView): boolean {
  return (
    container === undefined &&
    mounts.every(({ inside, from }) => inside !== '' || from === 'written')
  );
}

/** What is mounted where a path leads. Nothing shows within a directory that is closed (systemd.exec(5)). */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  return mountsOf(path, mounts)[0];
}

function mountsOf(path: string, mounts: readonly Mount[]): readonly Mount[] {
  const around = mounts.filter((mount) => covers(mount, path));
  const closed = around.find(({ from }) => from === 'inaccessible');
  if (closed !== undefined) return [closed];
  return innermostOf(path, around, () => true);
}

function covers({ inside, joinsNames }: Mount, path: string): boolean {
  return joinsNames ? path.startsWith(`${inside}_`) : leadsThrough(path, inside);
}

/** What is left of a path within a mount, from its slash on. */
function pathBelow(path: string, { inside, joinsNames }: Mount): string {
  const rest = path.slice(inside.length);
  return joinsNames ? `/${rest.slice(1)}` : rest;
}

function outside(mount: Mount, path: string): Place {
  const source = sourceOf(mount) ?? '';
  if (source === mount.inside) return { kind: 'same' };
  return {
    kind: 'outside',
    path: source + pathBelow(path, mount),
    ...holderOf(mount),
    because: `${mount.inside === '' ? '/' : mount.inside} is ${source === '' ? '/' : source} outside the ${mount.name === undefined ? 'container' : 'service'}`,
  };
}

function holderOf({ from, source }: Mount): { readonly holder?: string } {
  const kind = from === 'secret' ? 'Secret' : 'ConfigMap';
  const [namespace = '', name = ''] = source.split('/');
  return from === 'host' ? {} : { holder: `${kind} ${namespace}/${name}` };
}

function absent(mount: Mount, path: string, is: string, error: Barrier['error']): Place {
  const { inside, name = 'mount', location } = mount;
  const because = `${name} makes ${inside} ${is}`;
  return {
    kind: 'absent',
    because,
    barrier: {
      kind: 'view',
      error,
      because,
      setting: name,
      ...(location !== undefined && { location }),
      remedy: `move ${path} to a directory that the process sees, or change ${name}`,
    },
  };
}

/** Directories that images bring along, those without certificates of a cluster too. */
const ofImage = /^\/(?:etc\/ssl|etc\/pki|usr|opt|var\/lib\/ca-certificates|proc|dev|sys)(?:\/|$)/;

/** What is in the container without any mount. */
function withinImage(path: string, view: ProcessView): Place {
  const { container } = view;
  if (container === undefined || !path.startsWith('/')) return { kind: 'same' };
  const { image } = container;
  if (holdsNoCertificates(image) && !ofImage.test(path)) return notMounted(path, view);
  return {
    kind: 'same',
    doubt: {
      because: `no mount of the container leads to ${path}, and only its image ${image ?? ''} may hold it`,
      give: `mount the directory of ${path} in the container, or list the image's files`,
    },
  };
}

function notMounted(path: string, { mounts = [], container }: ProcessView): Place {
  const seen = [...new Set(mounts.map(({ inside }) => inside))];
  const because =
    seen.length === 0
      ? `nothing is mounted in the container, and its image ${container?.image ?? ''} holds no such file`
      : `no mount of the container leads there, and its image ${container?.image ?? ''} holds no such file`;
  return {
    kind: 'absent',
    because,
    barrier: {
      kind: 'view',
      error: 'no such file or directory',
      because,
      remedy:
        `mount the directory of ${path} in the container` +
        (seen.length === 0 ? '' : `, or name a path below ${seen.join(' or ')}`),
    },
  };
}
