import type { Mount, TextFile } from '../../model/draft.ts';
import type { DocumentNode, EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import { at, entriesOf, itemsOf, textOf } from './document.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { emptyProcess, type Process } from './process.ts';
import { programOf } from './programs.ts';
import type { SettingsContext } from './settings-context.ts';
import { assignment, splitWords } from './words.ts';

/** The processes of a compose file's services (https://github.com/compose-spec/compose-spec). */
export function processesInCompose(
  document: DocumentNode,
  context: SettingsContext,
): readonly Process[] {
  return entriesOf(at(document, 'services')).map(({ key, value }) =>
    readService(key, value, context),
  );
}

function readService(name: string, service: DocumentNode, context: SettingsContext): Process {
  const files = environmentFiles(service).map((path) => ({
    path,
    file: context.find(path, service.location.file),
  }));
  const given = files.flatMap(({ file }) => file ?? []);
  const missing = files.flatMap(({ path, file }) => (file === undefined ? [path] : []));
  const empty = emptyProcess('compose', service.location);
  return {
    ...empty,
    ...commandOf(service),
    label: name,
    variables: [...given.flatMap(fromFile), ...environmentOf(service)],
    mounts: itemsOf(at(service, 'volumes')).flatMap(mountOf),
    addresses: addressesOf(service),
    hostnames: hostnamesOf(name, service),
    ...imageOf(service),
    files: [...empty.files, ...given.map(({ path }) => path)],
    partial: missing.length > 0,
    missingFiles: missing,
  };
}

/** A dollar sign is doubled in compose files to escape it from compose's own expansion. */
function plain(text: string): string {
  return text.replaceAll('$$', '$');
}

function located(node: DocumentNode | undefined): readonly LocatedText[] {
  const text = textOf(node);
  if (node === undefined) return [];
  if (text === undefined) return itemsOf(node).flatMap(located);
  return [{ text: plain(text), location: node.location }];
}

/** A text is split as a shell would; a list is taken word for word. */
function wordsOf(node: DocumentNode | undefined): readonly LocatedText[] {
  const text = textOf(node);
  if (node === undefined || text === undefined) return located(node);
  return splitWords(plain(text), 'shell').map((word) => ({
    text: word.text,
    location: node.location,
  }));
}

function commandOf(service: DocumentNode): Pick<Process, 'words'> & { program?: string } {
  const command = [...wordsOf(at(service, 'entrypoint')), ...wordsOf(at(service, 'command'))];
  const found = programOf(command);
  const image = /([^/:@]+)(?:[:@][^/]*)?$/.exec(textOf(at(service, 'image')) ?? '')?.[1];
  const program = found.program ?? image;
  return { words: found.words, ...(program === undefined ? {} : { program }) };
}

function imageOf(service: DocumentNode): { image?: LocatedText } {
  const [image] = located(at(service, 'image'));
  // ${ETCD_IMAGE:-name:tag} falls back to what follows the dash.
  const text = image?.text.replace(/^\$\{\w+:?-([^}]*)\}$/, '$1');
  return image === undefined || text === undefined ? {} : { image: { ...image, text } };
}

function environmentOf(service: DocumentNode): readonly EnvironmentVariable[] {
  const node = at(service, 'environment');
  const items = located(node?.kind === 'list' ? node : undefined);
  const fromList = items.flatMap(({ text, location }) => assignment(text, location) ?? []);
  const fromMap = entriesOf(node).map(({ key, location, value }) => ({
    name: key,
    value: plain(textOf(value) ?? ''),
    location,
  }));
  return [...fromList, ...fromMap];
}

function environmentFiles(service: DocumentNode): readonly string[] {
  const node = at(service, 'env_file');
  const one = textOf(node);
  if (one !== undefined) return [one];
  return itemsOf(node).flatMap((item) => textOf(item) ?? textOf(at(item, 'path')) ?? []);
}

function fromFile(file: TextFile): readonly EnvironmentVariable[] {
  return readEnvironmentFile(file);
}

/** `host:container[:mode]`, or the long form; a source without a slash is a named volume. */
function mountOf(volume: DocumentNode): readonly Mount[] {
  const short = textOf(volume);
  const [source = '', inside = ''] =
    short === undefined
      ? [textOf(at(volume, 'source')), textOf(at(volume, 'target'))]
      : plain(short).split(/(?<!\$\{\w+):(?!-)/);
  if (inside === '') return [];
  const from = /[/.~$]/.test(source) ? 'host' : 'other';
  return [{ inside: inside.replace(/\/$/, ''), from, source: source.replace(/\/$/, '') }];
}

function addressesOf(service: DocumentNode): readonly string[] {
  return entriesOf(at(service, 'networks')).flatMap(({ value }) => [
    ...[textOf(at(value, 'ipv4_address')) ?? []].flat(),
    ...[textOf(at(value, 'ipv6_address')) ?? []].flat(),
  ]);
}

function hostnamesOf(name: string, service: DocumentNode): readonly string[] {
  const others = [at(service, 'hostname'), at(service, 'container_name')].flatMap(
    (node) => textOf(node) ?? [],
  );
  return [...new Set([name, ...others])];
}
