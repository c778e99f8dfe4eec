import type { Mount } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { at, entriesOf, itemsOf, textOf } from './document.ts';

/**
 * A mount of Docker, Podman and their like: a source that is no path is the name of a volume. What a variable or a command
 * gives before a slash is a path, and so is what begins with a specifier of
 * systemd.
 */
export function engineMount(
  written: string,
  inside: string,
  isPath = /^(?:[/.~%]|[$`].*\/)/,
): Mount {
  const source = written.replace(/\/$/, '');
  return isPath.test(written)
    ? { inside: inside.replace(/\/$/, ''), from: 'host', source }
    : namedVolume(source, inside);
}

/** The path of a mount that is written `SOURCE:PATH:ro`, or with other options next to `ro`. */
export function readOnlyVolume(written: string): readonly string[] {
  const [, inside, options] = /:([^:]*):([^:]*)$/.exec(written) ?? [];
  const isReadOnly = options?.split(',').includes('ro') === true;
  return inside !== undefined && isReadOnly ? [inside.replace(/\/$/, '')] : [];
}

/** A file system in memory. */
export function emptyMount(inside: string, location?: Location): Mount {
  const place = location && { location };
  return { inside: inside.replace(/\/$/, ''), from: 'empty', source: '', name: 'tmpfs', ...place };
}

/** What is in a volume of an engine is in its own storage. */
export function namedVolume(name: string, inside: string): Mount {
  return { inside: inside.replace(/\/$/, ''), from: 'other', source: `the volume ${name}` };
}

/** Where the paths below a volume mount come from (Volume v1 core). */
export function mountsOf(
  mount: DocumentNode,
  volume: DocumentNode | undefined,
  { namespace, name: pod }: { readonly namespace: string; readonly name: string },
): readonly Mount[] {
  const inside = (textOf(at(mount, 'mountPath')) ?? '').replace(/\/$/, '');
  const subPath = textOf(at(mount, 'subPath'));
  const projected = at(volume, 'projected', 'defaultMode');
  const place = { inside, namespace, subPath, projected };
  const sources = itemsOf(at(volume, 'projected', 'sources'));
  if (sources.length > 0) return sources.flatMap((source) => sourceMounts(source, place));
  const mounts = holderMounts(volume, place);
  if (mounts.length > 0) return mounts;

  const host = textOf(at(volume, 'hostPath', 'path'));
  const below = subPath === undefined ? '' : `/${subPath}`;
  if (host !== undefined) {
    return [{ inside, from: 'host', source: host.replace(/\/$/, '') + below }];
  }
  const claim = textOf(at(volume, 'persistentVolumeClaim', 'claimName'));
  if (claim !== undefined) {
    return [{ inside, from: 'other', source: `the PersistentVolumeClaim ${namespace}/${claim}` }];
  }
  const kind = entriesOf(volume).find(({ key }) => key !== 'name')?.key;
  const name = textOf(at(mount, 'name')) ?? '';
  // Every pod has one of its own.
  const own = `${kind === undefined ? 'the volume' : `the ${kind} volume`} ${name} of pod ${pod}`;
  return [{ inside, from: 'other', source: own }];
}

/** A source of a projected volume: a Secret or ConfigMap, or files with names that it states (ProjectedVolumeSource v1 core). */
function sourceMounts(source: DocumentNode, place: Place): readonly Mount[] {
  const isOpenedByRoot =
    at(source, 'secret') !== undefined || at(source, 'configMap') !== undefined;
  if (isOpenedByRoot) return holderMounts(source, place);
  const { inside, subPath } = place;
  const [entry] = entriesOf(source);
  const kind = entry?.key ?? '';
  const named = pathsIn(kind, entry?.value).map((path) => path.replace(/^\/+|\/+$/g, ''));
  const from = { from: 'other' as const, source: `the projected ${kind}` };
  if (named.length === 0) return [{ inside, ...from }];
  return named
    .filter((path) => subPath === undefined || path === subPath)
    .map((path) => ({ inside: subPath === undefined ? `${inside}/${path}` : inside, ...from }));
}

/** The names of the files that a source makes; none where it is not known which. */
function pathsIn(kind: string, source: DocumentNode | undefined): readonly string[] {
  const textsAt = (...keys: readonly string[]) =>
    keys.flatMap((key) => textOf(at(source, key)) ?? []);
  switch (kind) {
    case 'serviceAccountToken':
    case 'clusterTrustBundle':
      return textsAt('path');
    case 'podCertificate':
      return textsAt('credentialBundlePath', 'keyPath', 'certificateChainPath');
    case 'downwardAPI':
      return itemsOf(at(source, 'items')).flatMap((item) => textOf(at(item, 'path')) ?? []);
    default:
      return [];
  }
}

interface Place {
  readonly inside: string;
  readonly namespace: string;
  readonly subPath: string | undefined;
  /** The mode that a projected volume gives to all files. */
  readonly projected: DocumentNode | undefined;
}

function holderMounts(
  holder: DocumentNode | undefined,
  { inside, namespace, subPath, projected }: Place,
): readonly Mount[] {
  const secret = textOf(at(holder, 'secret', 'secretName')) ?? textOf(at(holder, 'secret', 'name'));
  const configMap = textOf(at(holder, 'configMap', 'name'));
  const name = secret ?? configMap;
  if (name === undefined) return [];
  const from = secret === undefined ? 'config-map' : 'secret';
  const source = `${namespace}/${name}`;
  const volume = at(holder, secret === undefined ? 'configMap' : 'secret');
  const items = itemsOf(at(volume, 'items'));
  const usual = projected ?? at(volume, 'defaultMode');
  if (items.length === 0) {
    const below = subPath === undefined ? source : `${source}/${subPath}`;
    return [{ inside, from, source: below, ...modeOf(usual) }];
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
        ...modeOf(at(item, 'mode') ?? usual),
      },
    ];
  });
}

/** Where nothing is said files have 0644 (SecretVolumeSource v1 core). */
const usualMode = 0o644;

function modeOf(node: DocumentNode | undefined): Pick<Mount, 'mode' | 'location' | 'name'> {
  const mode = modeIn(node);
  if (node === undefined || mode === undefined) return { mode: usualMode };
  return { mode, location: node.location, name: 'defaultMode' };
}

/** `0400` is octal to Kubernetes, whose decoder reads YAML 1.1; `256` is decimal, as all numbers of JSON are. */
function modeIn(node: DocumentNode | undefined): number | undefined {
  if (node?.kind !== 'scalar') return undefined;
  const written = node.asText ?? String(node.value);
  const value = /^0o?[0-7]+$/.test(written)
    ? Number.parseInt(written.replace('o', ''), 8)
    : Number(written);
  return Number.isInteger(value) && value >= 0 && value <= 0o777 ? value : undefined;
}
