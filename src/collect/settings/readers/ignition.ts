import type { DocumentNode } from '../../../model/settings.ts';
import { at, embeddedText, itemsOf, textOf } from '../document.ts';
import { dataUrlText } from '../embedded-files.ts';
import {
  type FormReading,
  type EmbeddedText,
  readEachYaml,
  type SettingsForm,
} from '../settings-form.ts';

export const reader: SettingsForm['read'] = readEachYaml((documents, file): FormReading => {
  return {
    texts: documents.flatMap((document) => textsIn(document, file.path)),
    written: documents.flatMap((document) =>
      itemsOf(at(document, 'storage', 'files')).map(
        (each) => `${file.path}#${textOf(at(each, 'path')) ?? ''}`,
      ),
    ),
  };
});

function textsIn(document: DocumentNode, path: string): readonly EmbeddedText[] {
  const files = itemsOf(at(document, 'storage', 'files')).flatMap((file) => {
    const deployed = `${path}#${textOf(at(file, 'path')) ?? ''}`;
    const inline = embeddedText(at(file, 'contents', 'inline'), deployed);
    const compression = textOf(at(file, 'contents', 'compression'));
    return inline ?? dataUrlText(at(file, 'contents', 'source'), deployed, compression) ?? [];
  });
  const units = itemsOf(at(document, 'systemd', 'units')).flatMap((unit) => {
    const name = textOf(at(unit, 'name')) ?? '';
    const place = `${path}#/etc/systemd/system/${name}`;
    return [
      ...[embeddedText(at(unit, 'contents'), place) ?? []].flat(),
      ...itemsOf(at(unit, 'dropins')).flatMap(
        (dropIn) =>
          embeddedText(at(dropIn, 'contents'), `${place}.d/${textOf(at(dropIn, 'name')) ?? ''}`) ??
          [],
      ),
    ];
  });
  return [...files, ...units];
}
