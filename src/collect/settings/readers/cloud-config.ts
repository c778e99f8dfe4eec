import type { DocumentNode } from '../../../model/settings.ts';
import { at, entriesOf, embeddedText, itemsOf, textOf } from '../document.ts';
import {
  type FormReading,
  type EmbeddedText,
  readEachYaml,
  type SettingsForm,
} from '../settings-form.ts';
import type { TextFile, UnreadText } from '../../../model/draft.ts';
import type { FindText, SettingsContext } from '../settings-context.ts';
import { changedTexts, isAboutEtcd } from '../changed-texts.ts';
import { readShell } from '../shell/run.ts';
import { startedByScript } from '../started.ts';
import { decodedText, whyNotUnpacked } from '../embedded-files.ts';
import { unreadAt } from '../unread-at.ts';
import { shellWord } from '../../../model/words.ts';

export const reader: SettingsForm['read'] = readEachYaml(
  (documents, file, context): FormReading => {
    return {
      texts: documents.flatMap((document) => textsIn(document, file.path)),
      written: documents.flatMap((document) => writtenIn(document, file.path)),
      notUnderstood: documents.flatMap((document) => [
        ...unpackedIn(document, file.path),
        ...changedIn(document, file.path, context),
      ]),
    };
  },
);

/** Files that are added to, and those that commands change before etcd is started by them. */
function changedIn(
  document: DocumentNode,
  path: string,
  context: SettingsContext,
): readonly UnreadText[] {
  const all = deployedIn(document);
  const files = asWritten(all);
  const own = all.filter(({ text }) => isAboutEtcd(text));
  const added = own
    .filter(({ isAdded }) => isAdded)
    .map(({ path: deployed, place }) =>
      unreadAt(path, place.line, `what is appended to ${deployed} is not read`),
    );
  const commands = [
    ...commandsIn(document, 'bootcmd', path),
    ...commandsIn(document, 'runcmd', path),
  ];
  const changed = commands.flatMap(({ text, within }) => {
    const find: FindText = (wanted, as) => files.get(wanted) ?? context.find(wanted, path, as);
    const starts = startedByScript({ path, text }, { find });
    const place = { file: path, line: within.line };
    const rewritten = addedTo(own, text).map((each) =>
      unreadAt(path, within.line, `what a command adds to ${each} is not read`),
    );
    const edited = changedTexts(own, starts, place);
    return [...rewritten, ...edited.map((each) => ({ ...each, line: within.line }))];
  });
  return [...added, ...changed];
}

/** Each file as it is in the end: what is appended follows, what is written again takes the place of what was. */
function asWritten(all: readonly Deployed[]): ReadonlyMap<string, TextFile> {
  const files = new Map<string, TextFile>();
  for (const { path, text, isAdded } of all) {
    const before = isAdded ? (files.get(path)?.text ?? '') : '';
    files.set(path, { path, text: before + text });
  }
  return files;
}

interface Deployed extends EmbeddedText {
  readonly isAdded: boolean;
  readonly place: DocumentNode['location'];
}

function deployedIn(document: DocumentNode): readonly Deployed[] {
  return itemsOf(at(document, 'write_files')).flatMap((item) => {
    const deployed = textOf(at(item, 'path')) ?? '';
    const text = decodedText(at(item, 'content'), deployed, textOf(at(item, 'encoding')));
    return text === undefined ? [] : [{ ...text, isAdded: isAppended(item), place: item.location }];
  });
}

/** Those of the files that a command writes to by the shell itself. */
function addedTo(files: readonly { readonly path: string }[], command: string): readonly string[] {
  if (files.length === 0) return [];
  const script = { text: command, file: '', line: 1 };
  const { written } = readShell(script, { environment: [], complete: false });
  const paths = new Set(written.map(({ path }) => path));
  return files.flatMap(({ path }) => (paths.has(path) ? [path] : []));
}

function isAppended(item: DocumentNode): boolean {
  return textOf(at(item, 'append')) === 'true';
}

function writtenIn(document: DocumentNode, path: string): readonly string[] {
  return itemsOf(at(document, 'write_files')).flatMap((item) => {
    const name = textOf(at(item, 'path'));
    return name === undefined ? [] : [`${path}#${name}`];
  });
}

function unpackedIn(document: DocumentNode, path: string): readonly UnreadText[] {
  return itemsOf(at(document, 'write_files')).flatMap((item) => {
    const content = at(item, 'content');
    const why = whyNotUnpacked(content, textOf(at(item, 'encoding')));
    if (why === undefined) return [];
    const { line } = (content ?? item).location;
    const reason = `the content of ${textOf(at(item, 'path')) ?? 'a file'} ${why}`;
    return [unreadAt(path, line, reason)];
  });
}

function textsIn(document: DocumentNode, path: string): readonly EmbeddedText[] {
  const files = itemsOf(at(document, 'write_files')).flatMap((item) => {
    if (isAppended(item)) return [];
    const deployed = textOf(at(item, 'path')) ?? '';
    const encoding = textOf(at(item, 'encoding'));
    return decodedText(at(item, 'content'), `${path}#${deployed}`, encoding) ?? [];
  });
  const units = itemsOf(at(document, 'coreos', 'units')).flatMap((unit) => {
    const name = textOf(at(unit, 'name')) ?? '';
    const folder = `${path}#/etc/systemd/system`;
    const dropIns = [...itemsOf(at(unit, 'drop-ins')), ...itemsOf(at(unit, 'drop_ins'))];
    return [
      ...[embeddedText(at(unit, 'content'), `${folder}/${name}`) ?? []].flat(),
      ...dropIns.flatMap(
        (dropIn) =>
          embeddedText(
            at(dropIn, 'content'),
            `${folder}/${name}.d/${textOf(at(dropIn, 'name')) ?? '10.conf'}`,
          ) ?? [],
      ),
    ];
  });
  const own = deployedIn(document).filter(({ text }) => isAboutEtcd(text));
  const commands = ['bootcmd', 'runcmd']
    .flatMap((key) => commandsIn(document, key, path))
    .filter(({ text }) => addedTo(own, text).length === 0);
  return [...files, ...units, ...commands, ...etcdOf(document, path)];
}

function commandsIn(document: DocumentNode, key: string, path: string): readonly EmbeddedText[] {
  return itemsOf(at(document, key)).flatMap((item, index) =>
    commandText(item, `${path}#${key}-${index + 1}`),
  );
}

/** A command is a text for the shell, or a list of words. */
function commandText(item: DocumentNode, path: string): readonly EmbeddedText[] {
  const text = embeddedText(item, path);
  if (text !== undefined) return [text];
  const words = itemsOf(item).flatMap((word) => textOf(word) ?? []);
  const { file, line = 1 } = item.location;
  const quoted = words.map(shellWord).join(' ');
  return words.length === 0 ? [] : [{ path, text: quoted, within: { file, line, folded: true } }];
}

/** `coreos.etcd2` becomes a drop-in of variables (coreos-cloudinit config/etcd2.go). */
function etcdOf(document: DocumentNode, path: string): readonly EmbeddedText[] {
  return ['etcd2', 'etcd'].flatMap((key) => {
    const entries = entriesOf(at(document, 'coreos', key));
    const [first] = entries;
    if (first === undefined) return [];
    const lines = entries.map(
      ({ key: name, value }) =>
        `Environment="ETCD_${name.toUpperCase().replaceAll('-', '_')}=${textOf(value) ?? ''}"`,
    );
    const { file, line = 1 } = first.location;
    return [
      {
        path: `${path}#/run/systemd/system/${key}.service.d/20-cloudinit.conf`,
        // The header takes the place of the key's own line.
        text: ['[Service]', ...lines].join('\n'),
        within: { file, line: Math.max(1, line - 1) },
      },
    ];
  });
}
