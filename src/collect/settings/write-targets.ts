import { table, wordSet } from '../../model/table.ts';
import { isServerOrClient } from './programs.ts';
import type { Started } from './starts.ts';
import { outputsOfAwk } from './text-filters.ts';
import { isNewFile, masked, placeNamed } from './target-paths.ts';
import { baseName } from './words.ts';
import type { LocatedText } from '../../model/settings.ts';

/** What a command may leave at a path: the file at another path, or what nothing shows. */
export interface Target {
  /** As `placeNamed` has it. */
  readonly path: string;
  readonly source?: string;
  /** The program. */
  readonly by: string;
}

export type Command = Pick<Started, 'program' | 'words' | 'directory' | 'condition'>;

/** The paths that a command may write, and all below them. */
export function targetsOf(command: Command): readonly Target[] {
  const { program: by = '', words } = command;
  // A program that is not known may write anything.
  if (isFilledIn(by)) return [{ path: '', by: 'sh' }];
  if (readsOnly({ program: by, words })) return [];
  const own = writers[by];
  if (own !== undefined) return own(argumentsOf(words, valued[by]), command);
  const open = opensLast.test(by) ? words.slice(-1) : by === 'xargs' ? words : [];
  return at(command, [
    ...words.flatMap(({ text }) => pathsIn(text, command.directory)),
    ...open.filter(({ text }) => placeNamed(text, '/') === '').map(({ text }) => text),
  ]);
}

/** Programs whose last word is where they write, also where it is not known. */
const opensLast =
  /^(?:aws|gsutil|gcloud|az|azcopy|s3cmd|mc|rclone|rsync|scp|sftp|tee|dd|rm|sed|sort|find|truncate)$/;

/** Whether something else fills in what a program is. */
export function isFilledIn(program: string): boolean {
  return /[$`()]/.test(program);
}

/** Whether it is known what a program writes. */
export function isFollowed(command: Pick<Command, 'words'> & { readonly program: string }) {
  return readsOnly(command) || writers[command.program] !== undefined;
}

/** Whether a program is one of which its words, or where its output goes, say what it writes. */
export function isTool(program: string): boolean {
  return (
    program === '' || tools.has(program) || onlyReads.has(program) || writers[program] !== undefined
  );
}

const tools = wordSet(
  'sh bash dash ash zsh env docker podman nerdctl ctr crictl aws gsutil gcloud az vault rsync scp mv rm touch sed awk gawk ip iptables ip6tables nft sysctl swapoff ethtool tc mount umount setcap setpriv tar unzip base64 xargs dd systemd-tmpfiles apt-get dnf yum apk',
);

function readsOnly({ program, words }: Pick<Command, 'words'> & { readonly program: string }) {
  const writes = writesBy[program];
  if (writes !== undefined) return !words.some(({ text }) => writes.test(text));
  return program === '' || onlyReads.has(program) || isServerOrClient({ program, words });
}

/** Programs that leave the content of every file as it is, but for what their output is redirected to. */
const onlyReads = wordSet(
  '[ [[ : true false echo printf test cat head tail wc cut uniq tr grep egrep fgrep cmp diff md5sum shasum sha1sum sha224sum sha256sum sha384sum sha512sum ls stat file readlink realpath basename dirname which type mkdir chown chmod chgrp chcon restorecon setfacl getfacl rmdir sleep wait kill pkill killall pgrep pidof id whoami hostname date getent useradd groupadd adduser addgroup usermod logger sync fuser ss netstat nc ip sysctl modprobe ulimit systemctl service rc-service rc-update journalctl exit cd mktemp',
);

/** Programs that read files unless one of their words says otherwise. */
const writesBy = table<RegExp>({
  find: /^-(?:exec|ok|delete|fprint|fls)/,
  sed: /^(?:-[^-]*i|--in-place)/,
  sort: /^(?:-[^-]*o|--output)/,
});

/** Options with a value, of programs that are known in detail. */
const valued = table<RegExp>({
  awk: /^-[Fv]$/,
  gawk: /^-[Fv]$/,
  mawk: /^-[Fv]$/,
  cp: /^(?:-[tS]|--(?:target-directory|suffix))$/,
  curl: /^(?:-[oDcKHXdAeEFmuwxyYzbTrQPCtU]|--(?:output|output-dir|dump-header|cookie-jar|config|cacert|cert|key|data|header|request|user|retry|retry-delay|max-time|connect-timeout|stderr|trace|trace-ascii|capath|resolve|proxy|write-out|url))$/,
  git: /^(?:-[Cbcou]|--(?:branch|depth|origin|config|upload-pack|reference|git-dir|work-tree|separate-git-dir))$/,
  install: /^(?:-[tSmog]|--(?:target-directory|suffix|mode|owner|group))$/,
  ln: /^(?:-[tS]|--(?:target-directory|suffix))$/,
  mv: /^(?:-[tS]|--(?:target-directory|suffix))$/,
  openssl:
    /^-(?:in|out|key|keyout|outdir|CAserial|CA|CAkey|passin|passout|days|subj|config|extfile|extensions|newkey|set_serial|inkey|certfile|CAfile|keyform|inform|outform|writerand|name)$/,
  tar: /^(?:-[CfTX]|--(?:directory|file|files-from|exclude|exclude-from|transform|strip-components|owner|group|mode))$/,
  unzip: /^-[dxP]$/,
  wget: /^(?:-[OPoaTtwUQie]|--(?:output-document|directory-prefix|output-file|append-output|timeout|tries|wait|user-agent|input-file|header|ca-certificate|certificate|private-key|post-data|user|password))$/,
  cfssljson: /^-{1,2}(?:bare|f)$/,
});

type Writer = (given: Arguments, command: Command) => readonly Target[];

/** By program: what its words say it writes. Each writes nowhere else. */
const writers = table<Writer>({
  awk: writtenByAwk,
  gawk: writtenByAwk,
  mawk: writtenByAwk,
  cfssljson: ({ options, operands: [bare = ''] }, command) => {
    if (!options.some(({ name }) => /^--?bare$/.test(name))) return [];
    const [said = bare] = valuesOf(options, /^--?bare$/);
    return at(command, [`${said}.pem`, `${said}-key.pem`, `${said}.csr`]);
  },
  cp: copiesOf,
  curl: ({ options, operands }, command) => {
    const [directory = ''] = valuesOf(options, /^--output-dir$/);
    const named = valuesOf(options, /^(?:-o|--output)$/);
    const isNamedByUrl = options.some(({ name }) => /^(?:-[^-]*O|--remote-name)/.test(name));
    const isNamedByServer = options.some(({ name }) =>
      /^(?:-[^-]*J|--remote-header-name)/.test(name),
    );
    const isOpen = options.some(({ name }) => /^(?:-K|--config)$/.test(name));
    const within = directory === '' ? '' : `${directory}/`;
    const others = valuesOf(options, /^(?:-[Dc]|--(?:dump-header|cookie-jar|stderr|trace\S*))$/);
    return at(command, [
      ...named.map((path) => (path.startsWith('/') ? path : within + path)),
      ...(isNamedByUrl ? operands.map((url) => within + nameInUrl(url)) : []),
      ...(isNamedByServer ? [`${within}.`] : []),
      ...others,
      ...(isOpen ? ['/'] : []),
    ]);
  },
  git: ({ options, operands: [verb = '', url = '', directory] }, command) => {
    const [start = '.'] = valuesOf(options, /^-C$/);
    if (verb === 'clone')
      return at(command, [`${start}/${directory ?? nameInUrl(url).replace(/\.git$/, '')}`]);
    const isSafe =
      /^(?:status|log|diff|show|fetch|config|rev-parse|tag|branch|remote|describe|push|add|commit|ls-\w+|cat-file)$/;
    return isSafe.test(verb) ? [] : at(command, [start]);
  },
  install: (given, command) =>
    given.options.some(({ name }) => /^(?:-[^-]*d|--directory)/.test(name))
      ? []
      : copiesOf(given, command),
  ln: copiesOf,
  // What is moved away is there no more.
  mv: (given, command) => [
    ...copiesOf(given, command).map(({ source: _moved, ...target }) => target),
    ...at(command, given.operands),
  ],
  openssl: ({ options }, command) =>
    at(command, valuesOf(options, /^-(?:out|keyout|outdir|CAserial|writerand)$/)),
  tar: (given, command) => {
    const { letters, directories } = tarOf(given);
    if (/x|--get/.test(letters)) return at(command, directories.length > 0 ? directories : ['.']);
    if (/t|--list/.test(letters)) return [];
    return at(command, [...valuesOf(given.options, /^(?:-f|--file)$/), ...given.operands]);
  },
  unzip: ({ options }, command) => {
    const [directory = '.'] = valuesOf(options, /^-d$/);
    return options.some(({ name }) => /^-[^-]*[lptZvz]/.test(name)) ? [] : at(command, [directory]);
  },
  wget: ({ options, operands }, command) => {
    const [directory = ''] = valuesOf(options, /^(?:-P|--directory-prefix)$/);
    const documents = valuesOf(options, /^(?:-O|--output-document)$/);
    const logs = valuesOf(options, /^(?:-[oa]|--(?:output-file|append-output))$/);
    const isMany = options.some(({ name }) =>
      /^(?:-[^-]*[irmpx]|--(?:input-file|recursive|mirror|content-disposition|trust-server-names))/.test(
        name,
      ),
    );
    const within = directory === '' ? '' : `${directory}/`;
    const names = isMany ? [`${within}.`] : operands.map((url) => within + nameInUrl(url));
    return at(command, [...(documents.length > 0 ? documents : names), ...logs]);
  },
});

/** What its programs print to. With an extension it may change the files that it reads (gawk(1)). */
function writtenByAwk({ options, operands }: Arguments, command: Command): readonly Target[] {
  const isOpen = options.some(({ name }) => /^(?:-[^-]*[fil]|--(?!version|help))/.test(name));
  if (isOpen) return [{ path: '', by: command.program ?? '' }];
  const outputs = outputsOfAwk(operands[0] ?? '');
  if (outputs === 'unknown') return [{ path: '', by: command.program ?? '' }];
  return at(command, outputs);
}

/** Without a dash, letters take their values from the words after them, in their order (tar(1)). */
function tarOf({ options, operands: [first = '', ...rest] }: Arguments) {
  const names = options.map(({ name }) => name).filter((name) => !name.startsWith('--exc'));
  const isOld = !names.some((name) =>
    /^(?:-[^-]*[xctruA]|--(?:extract|get|create|list))/.test(name),
  );
  const takers: readonly string[] = first.match(/[CfTXbgV]/g) ?? [];
  const old = isOld && takers.includes('C') ? rest.slice(takers.indexOf('C')).slice(0, 1) : [];
  return {
    letters: isOld ? first : names.join(' '),
    directories: [...old, ...valuesOf(options, /^(?:-C|--directory)$/)],
  };
}

/** The last part of the path of a URL. */
function nameInUrl(url: string): string {
  return baseName(url.replace(/[?#].*$/s, '').replace(/\/+$/, ''));
}

function at({ program: by = '', directory }: Command, paths: readonly string[]): readonly Target[] {
  return paths.flatMap((path) => {
    const place = path === '-' ? undefined : placeNamed(path, directory);
    return place === undefined ? [] : [{ path: place, by }];
  });
}

/**
 * Paths in a word of any program: all of it, the value of an option, the places that `-v A:B` joins. Where the directory is
 * not known a plain word is one of another kind.
 */
function pathsIn(text: string, directory = '/'): readonly string[] {
  if (text.includes('://') || isNewFile(text)) return [];
  return masked(text)
    .replace(/^-[A-Za-z](?=\/)/, '')
    .split(/[=:,]/)
    .filter((part) => {
      if (part.startsWith('/')) return /^\/[^/]/.test(part);
      const isName = /^[^-\s/][^\s]*$/.test(part) && (directory !== '/' || /[./]/.test(part));
      return isName && (placeNamed(part, directory) !== '' || /^[./]+$/.test(part));
    });
}

interface Copy {
  readonly target: string;
  readonly sources: readonly string[];
  /** Whether the target is a directory by the way it is written. */
  readonly isDirectory: boolean;
}

/** `cp SOURCE… TARGET`, `cp -t TARGET SOURCE…`, `ln SOURCE` (cp(1), ln(1)). */
function copyIn({ options, operands }: Arguments, by: string): Copy {
  const [into] = valuesOf(options, /^(?:-t|--target-directory)$/);
  const directory = into ?? (by === 'ln' && operands.length === 1 ? '.' : undefined);
  if (directory !== undefined) return { target: directory, sources: operands, isDirectory: true };
  const target = operands.at(-1) ?? '';
  const sources = operands.slice(0, -1);
  return { target, sources, isDirectory: sources.length > 1 || /(?<![^/])\.{0,2}$/.test(target) };
}

/** Each source under its name in a directory, or one source as the target. */
function copiesOf(given: Arguments, command: Command): readonly Target[] {
  const { program: by = '', directory } = command;
  const { options, operands } = given;
  const { target, sources, isDirectory } = copyIn(given, by);
  // One word that is not known may be several.
  if (sources.length === 0) return at(command, operands).filter(({ path }) => path === '');
  const isPlain = sources.every((path) => /^[^*?[{$`~]*[^*?[{$`~/.]$/.test(path));
  const isOne = isPlain && !options.some(({ name }) => recursive.test(name));
  return at(command, [target]).flatMap(({ path: within }): readonly Target[] => {
    if (!isOne) return [{ path: within, by }];
    return sources.map((path): Target => {
      const isCopied = within.startsWith('/') && (isDirectory || isFileOf(path, target));
      const from = isLeft(options, command, path) ? undefined : placeNamed(path, directory);
      return {
        by,
        path: isDirectory ? [within, baseName(path)].filter(Boolean).join('/') : within,
        ...(isCopied && from?.startsWith('/') === true && { source: from }),
      };
    });
  });
}

const recursive = /^(?:-[^-]*[raR]|--(?:archive|recursive|parents))/;

/** Whether a copy may not be made, so that what was there stays; a link leads from its own directory. */
function isLeft(
  options: Arguments['options'],
  { program = '', condition }: Command,
  source: string,
): boolean {
  if (condition !== undefined) return true;
  if (program === 'ln') return !source.startsWith('/');
  return options.some(({ name }) =>
    /^(?:-[^-]*[nui]|--(?:no-clobber|update|interactive))/.test(name),
  );
}

/** A target without an extension may be a directory. */
function isFileOf(source: string, target: string): boolean {
  return baseName(source) === baseName(target) || /\.\w+$/.test(target);
}

/** What a command is given, as getopt_long(3) splits it. */
interface Arguments {
  readonly options: readonly Option[];
  readonly operands: readonly string[];
}

interface Option {
  readonly name: string;
  /** Empty for an option without one. */
  readonly value: string;
}

/** Splits words; options that are not among those that take a value have none in the next word. */
function argumentsOf(words: readonly LocatedText[], takesValue = /^$/): Arguments {
  const options: Option[] = [];
  const operands: string[] = [];
  const left = words.map(({ text }) => text).toReversed();
  for (let text = left.pop(); text !== undefined; text = left.pop()) {
    if (text === '--') operands.push(...left.splice(0).toReversed());
    else if (/^-./.test(text)) options.push(...optionsIn(text, takesValue, left));
    else operands.push(text);
  }
  return { options, operands };
}

/** `--name=value`, `-name` of openssl, or letters of which the first with a value takes the rest. */
function optionsIn(text: string, takesValue: RegExp, left: string[]): readonly Option[] {
  const [whole = '', attached] = text.split(/=(.*)/s);
  const valueOf = (name: string, own?: string) =>
    own ?? (takesValue.test(name) ? left.pop() : undefined) ?? '';
  if (text.startsWith('--') || takesValue.test(whole)) {
    return [{ name: whole, value: valueOf(whole, attached) }];
  }
  const letters = text.slice(1);
  const last = Array.from(letters).findIndex((letter) => takesValue.test(`-${letter}`));
  if (last < 0) return [{ name: text, value: '' }];
  const name = `-${letters.charAt(last)}`;
  const flags = last === 0 ? [] : [{ name: `-${letters.slice(0, last)}`, value: '' }];
  return [...flags, { name, value: valueOf(name, letters.slice(last + 1) || undefined) }];
}

function valuesOf(options: Arguments['options'], wanted: RegExp): readonly string[] {
  return options.flatMap(({ name, value }) => (wanted.test(name) && value !== '' ? [value] : []));
}
