import type { DocumentNode } from '../../../model/settings.ts';
import { entriesOf, at, embeddedText, textOf } from '../document.ts';
import { listed, nameOf } from '../kubernetes-objects.ts';
import type { EmbeddedText, SettingsForm } from '../settings-form.ts';
import { readDocuments } from '../yaml.ts';

/** ConfigMaps, and Secrets in plain text, with files of settings in them such as `etcd.conf.yaml`. */
export const form: SettingsForm = {
  name: 'config-map',
  layer: 'holder',
  alsoReadIn: ['starter', 'settings'],
  recognises: ({ text }) =>
    /(?:^|[\s{,-])["']?kind["']?[ \t]*:[ \t]*["']?(?:ConfigMap|Secret)\b/m.test(text) &&
    /["']?\b(?:data|stringData)["']?[ \t]*:/.test(text) &&
    (/ConfigMap/.test(text) || /stringData/.test(text)),
  read: async (files) => {
    const { documents, notUnderstood } = await readDocuments(files);
    return { texts: documents.flatMap(listed).flatMap(textsIn), notUnderstood };
  },
};

/** Named as volumes name them; certificates and keys are read elsewhere. */
function textsIn(object: DocumentNode): readonly EmbeddedText[] {
  const { kind, name, namespace } = nameOf(object);
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  const section = kind === 'Secret' ? 'stringData' : 'data';
  const place = `${kind.toLowerCase()}/${namespace}/${name}`;
  return entriesOf(at(object, section)).flatMap(({ key, value }) => {
    // A URL by itself is a value, not a file of settings.
    const isFile =
      /\n|=|:(?:\s|$)/.test(textOf(value) ?? '') && !/-----BEGIN /.test(textOf(value) ?? '');
    const text = isFile ? embeddedText(value, `${place}/${key}`) : undefined;
    return text === undefined ? [] : [text];
  });
}
