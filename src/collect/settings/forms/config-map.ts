import { wordSet } from '../../../model/table.ts';
import { namesKind } from '../kinds.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { entriesOf, at, embeddedText } from '../document.ts';
import { decodedText } from '../embedded-files.ts';
import { listed, nameOf } from '../kubernetes-objects.ts';
import type { EmbeddedText, SettingsForm } from '../settings-form.ts';
import { readDocuments } from '../yaml.ts';

/** ConfigMaps and Secrets with files of settings in them such as `etcd.conf.yaml`. */
const kinds = wordSet('ConfigMap Secret');

export const form: SettingsForm = {
  name: 'config-map',
  layer: 'holder',
  alsoReadIn: ['starter', 'settings'],
  words: ['ConfigMap', 'Secret'],
  recognises: ({ text }) =>
    namesKind(text, kinds) && /["']?\b(?:data|stringData)["']?[ \t]*:/.test(text),
  read: async (files) => {
    const { documents, notUnderstood } = await readDocuments(files);
    return { texts: documents.flatMap(listed).flatMap(textsIn), notUnderstood };
  },
};

/** Named as volumes name them; certificates and keys are read elsewhere. */
function textsIn(object: DocumentNode): readonly EmbeddedText[] {
  const { kind, name, namespace } = nameOf(object);
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  const place = `${kind.toLowerCase()}/${namespace}/${name}`;
  const plain = entriesOf(at(object, kind === 'Secret' ? 'stringData' : 'data'));
  const packed = kind === 'Secret' ? entriesOf(at(object, 'data')) : [];
  return [
    ...packed.map(({ key, value }) => decodedText(value, `${place}/${key}`, 'base64')),
    ...plain.map(({ key, value }) => embeddedText(value, `${place}/${key}`)),
  ].flatMap((text) => (text !== undefined && isFile(text) ? [text] : []));
}

/** A URL by itself is a value, not a file of settings, and so is what has the name of a variable. */
function isFile({ path, text }: EmbeddedText): boolean {
  if (/\/ETCD(?:CTL)?_[A-Z_]+$/.test(path)) return false;
  return /\n|=|:(?:\s|$)/.test(text) && !/-----BEGIN |\ufffd/.test(text);
}
