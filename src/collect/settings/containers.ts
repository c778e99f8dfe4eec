import type { Mount, TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import { readEnvironmentFile } from './environment-file.ts';
import type { Process } from './process.ts';
import { programOf } from './programs.ts';
import type { SettingsContext } from './settings-context.ts';
import { assignment } from './words.ts';

/** `docker run` and its like start another program in a container: that program, with what it is given. */
export function enterContainer(process: Process, context: SettingsContext): Process {
  const [verb, ...rest] = process.words;
  const isRunner = /^(?:docker|podman|nerdctl)$/.test(process.program ?? '');
  if (!isRunner || verb?.text !== 'run') return process;

  const { options, command } = takeApart(rest);
  const [image, ...words] = command;
  const entry = options.filter(({ name }) => name === 'entrypoint').map(({ value }) => value);
  const found = programOf([...entry, ...words]);
  const files = environmentFiles(options, process, context);
  return {
    ...process,
    program: found.program ?? imageName(image),
    words: found.words,
    variables: [...files.given.flatMap(readEnvironmentFile), ...options.flatMap(variableOf)],
    mounts: options.flatMap(mountOf),
    ...(image === undefined ? {} : { image }),
    files: [...process.files, ...files.given.map(({ path }) => path)],
    partial: process.partial || files.missing.length > 0,
    missingFiles: [...process.missingFiles, ...files.missing],
  };
}

function environmentFiles(
  options: readonly Option[],
  { origin }: Process,
  context: SettingsContext,
): { readonly given: readonly TextFile[]; readonly missing: readonly string[] } {
  const paths = options
    .filter(({ name }) => name === 'env-file')
    .map(({ value }) => ({ path: value.text, file: context.find(value.text, origin.file) }));
  return {
    given: paths.flatMap(({ file }) => file ?? []),
    missing: paths.flatMap(({ path, file }) => (file === undefined ? [path] : [])),
  };
}

interface Option {
  /** The long name. */
  readonly name: string;
  readonly value: LocatedText;
}

const alone =
  /^-[dit]+$|^--(?:rm|detach|interactive|tty|privileged|init|read-only|publish-all|no-healthcheck|sig-proxy|oom-kill-disable)$/;
const longNames: Readonly<Record<string, string>> = {
  '-e': 'env',
  '-v': 'volume',
  '-h': 'hostname',
};

/** Options come before the image, and all but a few have a value. */
function takeApart(words: readonly LocatedText[]): {
  readonly options: readonly Option[];
  /** The image and what is started in it. */
  readonly command: readonly LocatedText[];
} {
  const options: Option[] = [];
  let rest = words;
  while (rest[0]?.text.startsWith('-') === true) {
    const [word, next] = rest;
    const [name = '', attached] = word.text.split(/=(.*)/s);
    const value = attached === undefined ? next : { ...word, text: attached };
    const single = attached !== undefined || alone.test(name);
    if (!alone.test(name) && value !== undefined) options.push({ name: longName(name), value });
    rest = rest.slice(single ? 1 : 2);
  }
  return { options, command: rest };
}

function longName(name: string): string {
  return longNames[name] ?? name.replace(/^--?/, '');
}

function imageName(image: LocatedText | undefined): string {
  return /([^/:@]+)(?:[:@][^/]*)?$/.exec(image?.text ?? '')?.[1] ?? '';
}

function variableOf({ name, value }: Option): readonly EnvironmentVariable[] {
  const variable = name === 'env' ? assignment(value.text, value.location) : undefined;
  return variable === undefined ? [] : [variable];
}

function mountOf({ name, value }: Option): readonly Mount[] {
  if (name !== 'volume') return [];
  const [source = '', inside] = value.text.split(':');
  if (inside === undefined) return [];
  const from = /^[/.~]/.test(source) ? 'host' : 'other';
  return [{ inside: inside.replace(/\/$/, ''), from, source: source.replace(/\/$/, '') }];
}
