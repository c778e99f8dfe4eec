import type { TextFile } from '../../../model/draft.ts';
import { isKustomization } from '../forms/kustomization.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at, itemsOf, textOf } from '../document.ts';
import {
  jsonPatch,
  mergePatch,
  type PatchedObject,
  patchText,
  type PatchText,
} from '../patches.ts';
import type { SettingsContext } from '../settings-context.ts';
import { programOfImage } from '../process.ts';
import { isOfInterest } from '../programs.ts';
import type { SettingsForm } from '../settings-form.ts';
import { readDocuments, readYaml } from '../yaml.ts';

export const reader: SettingsForm['read'] = async (files, context) => {
  const read = await readDocuments(files.filter(isKustomization));
  const named = new Set<string>();
  const patches: PatchText[] = [];
  for (const document of read.documents) {
    patches.push(...(await patchesIn(document, context, named)));
  }
  for (const file of files.filter((each) => !isKustomization(each) && !named.has(each.path))) {
    patches.push(...(await patchesOf(file, {})));
  }
  return { patches, notUnderstood: read.notUnderstood };
};

async function patchesIn(
  kustomization: DocumentNode,
  context: SettingsContext,
  named: Set<string>,
): Promise<readonly PatchText[]> {
  const items = [
    ...itemsOf(at(kustomization, 'patches')),
    ...itemsOf(at(kustomization, 'patchesJson6902')),
    ...itemsOf(at(kustomization, 'patchesStrategicMerge')),
  ];
  const found: PatchText[] = [];
  for (const item of items) {
    const { path, text } = patchIn(item);
    const { file: from } = item.location;
    const of = targetOf(at(item, 'target'));
    const file = path === undefined ? undefined : context.find(path, from);
    if (file !== undefined) {
      named.add(file.path);
      found.push(...(await patchesOf(file, of)));
    } else if (text !== undefined) {
      const inside = await patchesOf({ path: from, text }, of);
      // An inline text has lines of its own.
      found.push(...inside.map((patch) => ({ ...patch, line: item.location.line ?? 1 })));
    } else {
      found.push(
        patchText(of, `applies the patch ${path ?? ''}, which was not given`, item.location),
      );
    }
  }
  return [...found, ...changesIn(kustomization, context)];
}

function patchIn(item: DocumentNode): { readonly path?: string; readonly text?: string } {
  const own = textOf(item);
  const text = textOf(at(item, 'patch')) ?? (own?.includes('\n') === true ? own : undefined);
  if (text !== undefined) return { text };
  const path = textOf(at(item, 'path')) ?? own;
  return path === undefined ? {} : { path };
}

function targetOf(target: DocumentNode | undefined): PatchedObject {
  const kind = textOf(at(target, 'kind'));
  const name = textOf(at(target, 'name'));
  return { ...(kind !== undefined && { kind }), ...(name !== undefined && { name }) };
}

async function patchesOf(file: TextFile, target: PatchedObject): Promise<readonly PatchText[]> {
  const yaml = await readYaml(file);
  if (!yaml.ok) return [patchText(target, 'is a patch that cannot be read', yaml.location)];
  const isTargetStated = target.kind !== undefined || target.name !== undefined;
  return yaml.documents.flatMap(
    (document) =>
      (document.kind === 'list'
        ? jsonPatch(document, target)
        : mergePatch(document, isTargetStated ? target : undefined)) ?? [],
  );
}

/**
 * Changes that kustomize makes without a patch, and the objects that each may change so that etcd or a client of it
 * does something else. Labels and annotations change none.
 */
const changing: readonly (readonly [string, (item: DocumentNode) => readonly PatchedObject[]])[] = [
  ['images', (image) => (isOfEtcd(image) ? [{}] : [])],
  ['namespace', (name) => [{ namespace: textOf(name) ?? '' }]],
  ['replicas', (entry) => [targetOf(entry)]],
  // No process reads the name of a pod of another kind.
  ['namePrefix', () => [{ kind: 'StatefulSet' }, { kind: 'Pod' }]],
  ['nameSuffix', () => [{ kind: 'StatefulSet' }, { kind: 'Pod' }]],
  ...['replacements', 'vars', 'transformers', 'generators', 'helmCharts'].map(
    (key) => [key, () => [{}]] as const,
  ),
];

/** Whether an entry of `images` names one that has to do with etcd: its tag tells the release. */
function isOfEtcd(image: DocumentNode): boolean {
  return ['name', 'newName'].some((key) => {
    const program = programOfImage(textOf(at(image, key)));
    return program !== undefined && isOfInterest({ program, words: [] });
  });
}

function changesIn(kustomization: DocumentNode, context: SettingsContext): readonly PatchText[] {
  const changes = changing.flatMap(([key, objectsOf]) => {
    const node = at(kustomization, key);
    if (node === undefined) return [];
    const items = node.kind === 'list' ? itemsOf(node) : [node];
    return items
      .flatMap(objectsOf)
      .map((of) => patchText(of, `changes objects by ${key}`, node.location));
  });
  const absent = [
    ...itemsOf(at(kustomization, 'components')).filter((item) => !isGiven(item, context)),
    ...itemsOf(at(kustomization, 'resources')).filter((item) => isRemote(textOf(item) ?? '')),
  ];
  return [
    ...changes,
    ...absent.map((item) =>
      patchText({}, `adds ${textOf(item) ?? 'what'}, which was not given`, item.location),
    ),
  ];
}

/** A component is a directory with a kustomization, whose patches are then found there. */
function isGiven(item: DocumentNode, context: SettingsContext): boolean {
  const { file } = item.location;
  const directory = (textOf(item) ?? '').replace(/^(?:\.\.?\/)+/, '').replace(/\/$/, '');
  return ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].some(
    (name) =>
      context.find(`${directory}/${name}`, file)?.path.endsWith(`${directory}/${name}`) === true,
  );
}

/** A URL, or a repository by kustomize's short form. */
function isRemote(resource: string): boolean {
  return /:\/\/|\?ref=|^(?:git@|github\.com\/)/.test(resource);
}
