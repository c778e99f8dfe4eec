import type { UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { enumerate } from '../../model/words.ts';
import { at, entriesOf, itemsOf, textOf } from './document.ts';
import { unreadAt } from './unread-at.ts';

/** The object that a patch of kustomize is applied to, where it says which. */
export interface PatchedObject {
  readonly kind?: string;
  /** A regular expression in a `target`. */
  readonly name?: string;
  /** The namespace that it gets, which matters where it takes the name of its own into settings. */
  readonly namespace?: string;
}

/** An object that starts etcd or a client of it. */
export interface StartingObject {
  readonly kind: string;
  readonly name: string;
  /** Set where a variable of its pods is the name of it. */
  readonly namespace?: string;
}

/** What a patch changes: the objects that it is applied to are made by `kustomize build`. */
export interface PatchText extends UnreadText {
  readonly of: PatchedObject;
}

export function patchText(of: PatchedObject, what: string, { file, line }: Location): PatchText {
  const reason = `${what}, and patches are not applied`;
  const give =
    'give the output of `kubectl kustomize` of that directory, in the place of its files';
  return { of, ...unreadAt(file, line, reason, give) };
}

/** Whether a patch may change one of the objects that start etcd or a client of it. */
export function isAbout(
  { of: { kind, name, namespace } }: PatchText,
  objects: readonly StartingObject[],
): boolean {
  if (namespace !== undefined)
    return objects.some((object) => (object.namespace ?? namespace) !== namespace);
  // What pods mount or take variables from may be any object of these kinds.
  if (kind === 'ConfigMap' || kind === 'Secret') return objects.length > 0;
  return objects.some(
    (object) => (kind ?? object.kind) === object.kind && isNamed(object.name, name),
  );
}

/**
 * JavaScript may take exponential time to match what Go matches in linear time: only names, alternatives of
 * names and `.*` are matched here. Any other may mean every object.
 */
function isNamed(name: string, pattern: string | undefined): boolean {
  if (pattern === undefined || !/^(?:[\w|-]|\.\*)+$/.test(pattern)) return true;
  return pattern.split('|').some((each) => isLike(name, each.split('.*')));
}

/** Whether a text begins with the first piece, ends with the last, and has the others between them in order. */
function isLike(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.at(-1);
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of others.slice(0, -1)) {
    const place = text.indexOf(piece, from);
    if (place < 0) return false;
    from = place + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** `$patch: delete` and `$patch: replace`, of an object as of what is in it. */
const directive = '$patch';
const ofContainer = new Set([
  directive,
  'args',
  'command',
  'env',
  'envFrom',
  'image',
  'lifecycle',
  'livenessProbe',
  'readinessProbe',
  'securityContext',
  'startupProbe',
  'volumeMounts',
  'workingDir',
]);
const ofPod = new Set([
  directive,
  'hostNetwork',
  'hostname',
  'securityContext',
  'subdomain',
  'volumes',
]);
const ofSet = new Set([directive, 'replicas', 'serviceName']);
const ofObject = new Set([directive, 'data', 'stringData', 'binaryData']);

/** A strategic merge patch, by what it changes of a process; undefined where it changes nothing of it. */
export function mergePatch(object: DocumentNode, target?: PatchedObject): PatchText | undefined {
  const kind = textOf(at(object, 'kind'));
  const name = textOf(at(object, 'metadata', 'name'));
  const spec = at(object, 'spec');
  const template = at(spec, 'jobTemplate', 'spec', 'template') ?? at(spec, 'template');
  const pod = template === undefined ? spec : at(template, 'spec');
  const containers = ['initContainers', 'containers'].flatMap((key) => itemsOf(at(pod, key)));
  const changed = [
    ...among(object, ofObject),
    ...among(spec, ofSet),
    ...among(pod, ofPod),
    ...containers.flatMap((container) => among(container, ofContainer)),
  ];
  const [first] = changed;
  if (first === undefined) return undefined;
  const of = target ?? { ...(kind !== undefined && { kind }), ...(name !== undefined && { name }) };
  const keys = enumerate([...new Set(changed.map(({ key }) => key))]);
  return patchText(
    of,
    `changes ${keys} of ${kind ?? 'an object'} ${name ?? ''}`.trim(),
    first.location,
  );
}

function among(node: DocumentNode | undefined, keys: ReadonlySet<string>) {
  return entriesOf(node).filter(({ key }) => keys.has(key));
}

/** A JSON patch (RFC 6902), likewise. */
export function jsonPatch(list: DocumentNode, of: PatchedObject): PatchText | undefined {
  const changed = itemsOf(list).filter(
    (operation) =>
      textOf(at(operation, 'op')) !== 'test' &&
      ['path', 'from'].some((key) => {
        const path = textOf(at(operation, key));
        return path !== undefined && changesProcess(path);
      }),
  );
  const [first] = changed;
  if (first === undefined) return undefined;
  const paths = changed.map((operation) => textOf(at(operation, 'path')) ?? '');
  return patchText(of, `changes ${enumerate([...new Set(paths)], 4)}`, first.location);
}

/** Whether a path leads to what `mergePatch` looks for, or to something that it is in. */
function changesProcess(path: string): boolean {
  const [first, ...rest] = path.split('/').slice(1);
  if (first === undefined || ofObject.has(first)) return true;
  if (first === 'metadata') return rest.length === 0 || /^name(?:space)?$/.test(rest[0] ?? '');
  return first === 'spec' && changesSpec(rest);
}

/** A path below `spec` of an object, or of the template of its pods. */
function changesSpec([key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (key === 'jobTemplate' || key === 'template') {
    const [next, ...below] = rest;
    return next === undefined || (next === 'spec' && changesSpec(below));
  }
  if (key !== 'containers' && key !== 'initContainers') return ofPod.has(key) || ofSet.has(key);
  const [, field] = rest;
  return field === undefined || ofContainer.has(field);
}
