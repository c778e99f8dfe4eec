import type { TextFile } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, entriesOf, itemsOf, textOf } from '../settings/document.ts';
import { type HeldEncoding, heldValue } from '../settings/held-values.ts';
import { readYaml } from '../settings/yaml.ts';
import { looksLikePem, namesCertificate } from './recognise.ts';
import type { FileContent } from './read-files.ts';

/** What fills Secrets when it runs, and where it names them; the name of the object itself where it does not. */
const fillers: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  ['ExternalSecret', [['spec', 'target', 'name']]],
  ['SealedSecret', [['spec', 'template', 'metadata', 'name']]],
  ['SecretProviderClass', []],
  ['Certificate', [['spec', 'secretName']]],
  ['VaultStaticSecret', [['spec', 'destination', 'name']]],
  ['VaultDynamicSecret', [['spec', 'destination', 'name']]],
  ['VaultPKISecret', [['spec', 'destination', 'name']]],
];

const kinds = ['Secret', 'ConfigMap', 'List', 'SecretList', 'ConfigMapList'];
const wanted: ReadonlySet<string> = new Set([...kinds, ...fillers.map(([kind]) => kind)]);

/** Whether a text may hold Secrets or ConfigMaps; decided without a YAML reader, which takes long to load. */
export function mayHoldSecrets({ text }: TextFile): boolean {
  for (const [, kind = ''] of text.matchAll(/\bkind["']?\s*:\s*["']?(\w+)/g)) {
    if (wanted.has(kind)) return true;
  }
  return false;
}

/** A Secret or ConfigMap. */
export interface HeldFiles {
  /** `secret/NAMESPACE/NAME` or `configmap/NAMESPACE/NAME`. */
  readonly directory: string;
  /** Its certificates, keys and CRLs, each called by its directory and its key. */
  readonly files: readonly FileContent[];
  /** Whether it has these keys and no others, by its own text. */
  readonly isWhole: boolean;
  /** Set for what came out of a cluster: it has what it has there. */
  readonly isLive: boolean;
}

/** The Secrets and ConfigMaps of a text, and the directories of the Secrets that something else fills. */
export interface HeldInText {
  readonly holders: readonly HeldFiles[];
  readonly filled: readonly string[];
}

/** The certificates, keys and CRLs in the Secrets and ConfigMaps of a manifest or of `kubectl get -o json`. */
export async function readKubernetes(file: TextFile): Promise<HeldInText> {
  const yaml = await readYaml(file);
  const objects = yaml.ok ? yaml.documents.flatMap(listed) : [];
  return { holders: objects.flatMap(readObject), filled: objects.flatMap(filledBy) };
}

function listed(object: DocumentNode): readonly DocumentNode[] {
  const items = at(object, 'items');
  return items === undefined ? [object] : itemsOf(items).flatMap(listed);
}

function readObject(object: DocumentNode): readonly HeldFiles[] {
  const kind = textOf(at(object, 'kind'));
  if (kind === 'Secret') return [readHolder(object, 'secret')];
  return kind === 'ConfigMap' ? [readHolder(object, 'configmap')] : [];
}

function readHolder(object: DocumentNode, holder: 'secret' | 'configmap'): HeldFiles {
  const [encoded, plain] = holder === 'secret' ? ['data', 'stringData'] : ['binaryData', 'data'];
  const directory = directoryOf(object, holder, textOf(at(object, 'metadata', 'name')));
  const isLive = at(object, 'metadata', 'uid') !== undefined;
  const read = [
    ...readSection(at(object, encoded), 'base64'),
    ...readSection(at(object, plain), 'utf8'),
  ];
  // What is empty before it is in a cluster is filled in by something else.
  const entries = read.map(({ key, bytes }) => ({
    key,
    bytes: bytes?.length === 0 && !isLive ? undefined : bytes,
  }));
  // With any other key, the API server refuses the object (IsConfigMapKey).
  if (!entries.every(({ key }) => /^[-._a-zA-Z0-9]{1,253}$/.test(key))) {
    return { directory, files: [], isWhole: false, isLive };
  }
  return {
    directory,
    files: entries
      .flatMap(({ key, bytes }) => (bytes === undefined ? [] : [{ key, bytes }]))
      .filter(({ key, bytes }) => looksLikePem(bytes) || namesCertificate(key))
      .map(({ key, bytes }) => ({ path: `${directory}/${key}`, bytes })),
    isWhole: entries.length > 0 && entries.every(({ bytes }) => bytes !== undefined),
    isLive,
  };
}

function directoryOf(object: DocumentNode, holder: string, name = 'unnamed'): string {
  return `${holder}/${textOf(at(object, 'metadata', 'namespace')) ?? 'default'}/${name}`;
}

interface Entry {
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
}

function readSection(section: DocumentNode | undefined, encoding: HeldEncoding): readonly Entry[] {
  return entriesOf(section).map(({ key, value }) => ({ key, bytes: heldValue(value, encoding) }));
}

function filledBy(object: DocumentNode): readonly string[] {
  const kind = textOf(at(object, 'kind'));
  const filler = fillers.find(([name]) => name === kind);
  if (filler === undefined) return [];
  const [, places] = filler;
  const stated = places.flatMap((place) => textOf(at(object, ...place)) ?? []);
  const listedNames = itemsOf(at(object, 'spec', 'secretObjects')).flatMap(
    (each) => textOf(at(each, 'secretName')) ?? [],
  );
  const own = stated.length > 0 ? stated : [textOf(at(object, 'metadata', 'name'))];
  const names = kind === 'SecretProviderClass' ? listedNames : own;
  return names.map((name) => directoryOf(object, 'secret', name));
}
