import type { Mount } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, itemsOf, textOf } from './document.ts';

/** Where the paths below a volume mount come from (Volume v1 core). */
export function mountsOf(
  mount: DocumentNode,
  volume: DocumentNode | undefined,
  namespace: string,
): readonly Mount[] {
  const inside = (textOf(at(mount, 'mountPath')) ?? '').replace(/\/$/, '');
  const subPath = textOf(at(mount, 'subPath'));
  const sources = itemsOf(at(volume, 'projected', 'sources'));
  const holders = sources.length === 0 ? [volume] : sources;
  const mounts = holders.flatMap((holder) => holderMounts(holder, inside, namespace, subPath));
  if (mounts.length > 0) return mounts;

  const host = textOf(at(volume, 'hostPath', 'path'));
  const below = subPath === undefined ? '' : `/${subPath}`;
  if (host !== undefined) {
    return [{ inside, from: 'host', source: host.replace(/\/$/, '') + below }];
  }
  return [{ inside, from: 'other', source: textOf(at(volume, 'name')) ?? '' }];
}

function holderMounts(
  holder: DocumentNode | undefined,
  inside: string,
  namespace: string,
  subPath: string | undefined,
): readonly Mount[] {
  const secret = textOf(at(holder, 'secret', 'secretName')) ?? textOf(at(holder, 'secret', 'name'));
  const configMap = textOf(at(holder, 'configMap', 'name'));
  const name = secret ?? configMap;
  if (name === undefined) return [];
  const from = secret === undefined ? 'config-map' : 'secret';
  const source = `${namespace}/${name}`;
  const items = itemsOf(at(holder, secret === undefined ? 'configMap' : 'secret', 'items'));
  if (items.length === 0) {
    return [{ inside, from, source: subPath === undefined ? source : `${source}/${subPath}` }];
  }
  return items.flatMap((item): readonly Mount[] => {
    const key = textOf(at(item, 'key')) ?? '';
    const path = textOf(at(item, 'path')) ?? key;
    if (subPath !== undefined && subPath !== path) return [];
    return [
      {
        inside: subPath === undefined ? `${inside}/${path}` : inside,
        from,
        source: `${source}/${key}`,
      },
    ];
  });
}
