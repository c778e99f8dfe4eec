import type { DocumentNode } from '../../../model/settings.ts';
import type { UnreadText } from '../../../model/draft.ts';
import { isAboutEtcd } from '../changed-texts.ts';
import { at, embeddedText, isUnset, itemsOf, textOf } from '../document.ts';
import { unreadAt } from '../unread-at.ts';
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
    notUnderstood: isAboutEtcd(file.text)
      ? documents.flatMap((document) => notReadIn(document, file.path))
      : [],
  };
});

/** What changes the files and units of a configuration that has to do with etcd. */
function notReadIn(document: DocumentNode, path: string): readonly UnreadText[] {
  const open = (node: DocumentNode | undefined, reason: string) =>
    node === undefined || isUnset(node) ? [] : [unreadAt(path, node.location.line, reason)];
  return [
    ...itemsOf(at(document, 'storage', 'files')).flatMap((file) =>
      open(at(file, 'append'), `what is appended to ${textOf(at(file, 'path'))} is not read`),
    ),
    ...itemsOf(at(document, 'systemd', 'units'))
      .filter((unit) => /etcd/.test(textOf(at(unit, 'name')) ?? ''))
      .flatMap((unit) =>
        open(at(unit, 'mask'), `systemd does not start ${textOf(at(unit, 'name'))}, a masked unit`),
      ),
    ...['merge', 'replace'].flatMap((key) =>
      open(
        at(document, 'ignition', 'config', key),
        `another configuration takes part (${key}), which is not read`,
      ),
    ),
  ];
}

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
