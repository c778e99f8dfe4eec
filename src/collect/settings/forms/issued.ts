import type { DocumentNode } from '../../../model/settings.ts';
import { entriesOf, embeddedText, itemsOf, textOf } from '../document.ts';
import {
  type FormReading,
  type EmbeddedText,
  readEachYaml,
  type SettingsForm,
} from '../settings-form.ts';

/** Certificates and keys as Vault and cfssl print them: PEM in JSON. */
export const form: SettingsForm = {
  name: 'issued',
  layer: 'holder',
  words: ['-----BEGIN '],
  recognises: ({ text }) => /^\s*\{/.test(text) && /"\s*:\s*"-----BEGIN /.test(text),
  read: readEachYaml((documents, file): FormReading => {
    const texts = documents.flatMap((document) => pemIn(document, `${file.path}/`));
    return { texts: [...new Map(texts.map((text) => [text.text, text])).values()] };
  }),
};

function pemIn(node: DocumentNode, path: string): readonly EmbeddedText[] {
  if (textOf(node)?.includes('-----BEGIN ') === true) {
    return [embeddedText(node, path) ?? []].flat();
  }
  return [
    ...chainIn(itemsOf(node), path),
    ...entriesOf(node).flatMap(({ key, value }) =>
      pemIn(value, path.endsWith('/') ? path + key : `${path}.${key}`),
    ),
  ];
}

/** A list of nothing but PEM, such as Vault's `ca_chain`, makes one file. */
function chainIn(items: readonly DocumentNode[], path: string): readonly EmbeddedText[] {
  const texts = items.flatMap((item) => pemIn(item, path));
  const [first] = texts;
  const isChain = items.every((item) => textOf(item) !== undefined);
  return first === undefined || !isChain
    ? texts
    : [{ ...first, text: texts.map(({ text }) => text).join('\n') }];
}
