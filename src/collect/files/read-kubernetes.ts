import type { TextFile } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, entriesOf, itemsOf, textOf } from '../settings/document.ts';
import { readYaml } from '../settings/yaml.ts';
import { looksLikePem, namesCertificate } from './recognise.ts';
import type { FileContent } from './read-files.ts';

/** Whether a text may hold Secrets or ConfigMaps; decided without a YAML reader, which takes long to load. */
export function mayHoldSecrets({ text }: TextFile): boolean {
  return /\bkind["']?\s*:\s*["']?(?:Secret|ConfigMap|List|SecretList|ConfigMapList)\b/.test(text);
}

/**
 * The certificates, keys and CRLs in the Secrets and ConfigMaps of a manifest or of `kubectl get -o json`.
 *
 * They are called `secret/NAMESPACE/NAME/KEY` and `configmap/NAMESPACE/NAME/KEY`.
 */
export async function readKubernetes(file: TextFile): Promise<readonly FileContent[]> {
  const yaml = await readYaml(file);
  return yaml.ok ? yaml.documents.flatMap(readObject) : [];
}

function readObject(object: DocumentNode): readonly FileContent[] {
  const kind = textOf(at(object, 'kind'));
  if (kind === 'Secret') return readHolder(object, 'secret');
  if (kind === 'ConfigMap') return readHolder(object, 'configmap');
  return itemsOf(at(object, 'items')).flatMap(readObject);
}

function readHolder(object: DocumentNode, holder: 'secret' | 'configmap'): readonly FileContent[] {
  const name = textOf(at(object, 'metadata', 'name')) ?? 'unnamed';
  const namespace = textOf(at(object, 'metadata', 'namespace')) ?? 'default';
  const encoded = holder === 'secret' ? ['data'] : ['binaryData'];
  const plain = holder === 'secret' ? ['stringData'] : ['data'];
  return [
    ...encoded.flatMap((section) => readSection(at(object, section), 'base64')),
    ...plain.flatMap((section) => readSection(at(object, section), 'utf8')),
  ].map(({ key, bytes }) => ({ path: `${holder}/${namespace}/${name}/${key}`, bytes }));
}

interface Entry {
  readonly key: string;
  readonly bytes: Uint8Array;
}

function readSection(
  section: DocumentNode | undefined,
  encoding: 'base64' | 'utf8',
): readonly Entry[] {
  return entriesOf(section)
    .map(({ key, value }) => ({ key, bytes: Buffer.from(textOf(value) ?? '', encoding) }))
    .filter(({ key, bytes }) => looksLikePem(bytes) || namesCertificate(key));
}
