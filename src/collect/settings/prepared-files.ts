import { isBelow, type Mount } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import { table } from '../../model/table.ts';
import { innermost } from './container-files.ts';
import type { Process } from './process.ts';
import { isServerOrClient } from './programs.ts';
import type { Started, Starts } from './started.ts';
import { baseName } from './words.ts';

/** What a command may leave at a path: the file at another path, or what nothing shows. */
interface Target {
  readonly path: string;
  readonly source?: string;
  /** The program. */
  readonly by: string;
}

type Command = Pick<Started, 'program' | 'words'>;

/**
 * What commands leave at paths before a process opens its files: a given file of the same name is not known to be
 * what is there.
 */
export function withPreparedFiles(process: Process, before: readonly Starts[]): Process {
  const prepared = preparedBy(before).flatMap((target) => mountsOf(target, process));
  const { unseenPrograms = [] } = process;
  const unseen = [...new Set([...unseenPrograms, ...before.flatMap(unseenIn)])];
  if (prepared.length === 0 && unseen.length === unseenPrograms.length) return process;
  return {
    ...process,
    mounts: [...process.mounts, ...prepared],
    ...(unseen.length > 0 && { unseenPrograms: unseen }),
  };
}

/** Programs that run before a process and are nothing but their names here: of a tool its words say what it does. */
function unseenIn({ started }: Starts): readonly string[] {
  return started
    .filter(({ program = '', words }) => !isFollowed({ program, words }) && !tools.test(program))
    .flatMap(({ program }) => program ?? []);
}

const tools =
  /^(?:sh|bash|dash|ash|zsh|env|docker|podman|nerdctl|ctr|crictl|aws|gsutil|gcloud|az|vault|rsync|scp|mv|rm|touch|sed|awk|gawk|ip|ip6?tables|nft|sysctl|swapoff|ethtool|tc|mount|umount|setcap|setpriv|tar|unzip|base64|xargs|dd|systemd-tmpfiles|apt-get|dnf|yum|apk)$/;

/** What is written on a host, as a container sees it whose own mounts lead there. */
export function writtenWithin(own: readonly Mount[], ofHost: readonly Mount[]): readonly Mount[] {
  const written = ofHost.filter(({ from }) => from === 'written');
  return written.flatMap(({ inside: path, ...rest }) =>
    own.flatMap(({ inside, from, source }) => {
      if (from !== 'host') return [];
      if (isBelow(path, source)) return [{ ...rest, inside: inside + path.slice(source.length) }];
      return isBelow(source, path) ? [{ ...rest, inside }] : [];
    }),
  );
}

/**
 * What a process in a container may write, as its host sees it. A program that is not known may write wherever the
 * container can.
 */
export function writtenOutside(process: Process, readOnly: readonly string[]): readonly Mount[] {
  const mounts = process.mounts.filter(
    (mount) => isOfHost(mount) && !readOnly.includes(mount.inside),
  );
  const written = process.mounts.filter(({ from }) => from === 'written');
  const { program = '' } = process;
  if (written.length === 0 && !isFollowed({ ...process, program })) {
    return mounts.map(({ source }) => ({ inside: source, from: 'written', source: program }));
  }
  return written.flatMap(({ inside: path, ...rest }) =>
    innermost(path, mounts).map(({ inside, source }) => ({
      ...rest,
      inside: source + path.slice(inside.length),
    })),
  );
}

function isOfHost({ from }: Mount): boolean {
  return from === 'host';
}

/** The paths that commands may write, the last of each. */
export function preparedBy(before: readonly Starts[]): readonly Target[] {
  const targets = before.flatMap(({ outputs, started }): readonly Target[] => [
    ...outputs,
    ...started.flatMap(targetsOf),
  ]);
  const all = new Map(targets.map((target) => [target.path, target]));
  if (all.size <= mostTargets) {
    return [...all.values()].map(({ source, ...target }) => {
      const isKnown = source !== undefined && !all.has(source);
      return { ...target, ...(isKnown && { source }) };
    });
  }
  return [{ path: '', by: targets[0]?.by ?? 'sh' }];
}

/** Scripts write few certificates; one that writes more files may write any. */
const mostTargets = 256;

function mountsOf({ path, source, by }: Target, { contained, mounts }: Process): readonly Mount[] {
  const written: Mount = { inside: path, from: 'written', source: by };
  if (source === undefined) {
    const within = mounts.filter((mount) => isOfHost(mount) && isBelow(mount.inside, path));
    return [written, ...within.map(({ inside }) => ({ ...written, inside }))];
  }
  if (contained !== true) return [{ inside: path, from: 'host', source }];
  const [around] = innermost(source, mounts);
  if (around === undefined) return [written];
  return [{ ...around, inside: path, source: around.source + source.slice(around.inside.length) }];
}

function targetsOf(command: Command): readonly Target[] {
  const { program: by = '', words } = command;
  if (onlyReads.test(by) || isServerOrClient(command)) return [];
  if (/^(?:cp|install|ln)$/.test(by)) return copiesOf(by, words);
  const option = outputOptions[by];
  if (option !== undefined) return valuesOf(words, option).map(writtenBy(by));
  return words.flatMap(({ text }) => pathsIn(text)).map(writtenBy(by));
}

/** Programs that leave the content of every file as it is, but for what their output is redirected to. */
const onlyReads =
  /^(?:|\[\[?|:|true|false|echo|printf|test|cat|head|tail|wc|cut|sort|uniq|tr|grep|egrep|fgrep|cmp|diff|(?:md5|sha\d*)sum|ls|stat|find|file|readlink|realpath|basename|dirname|which|type|mkdir|chown|chmod|chgrp|chcon|restorecon|setfacl|getfacl|rmdir|sleep|wait|kill|pkill|killall|pgrep|pidof|id|whoami|hostname|date|getent|useradd|groupadd|adduser|addgroup|usermod|logger|sync|fuser|ss|netstat|nc|ip|sysctl|modprobe|ulimit|systemctl|service|rc-service|rc-update|journalctl|exit|cd)$/;

/** Programs that write where an option says, and nowhere else. */
const outputOptions = table<RegExp>({
  curl: /^(?:-[a-zA-Z]*o|--output(?:-dir)?)$/,
  openssl: /^-(?:key)?out$/,
  wget: /^(?:-[a-zA-Z]*[OP]|--output-document|--directory-prefix)$/,
});

/** Whether it is known what a program writes. */
function isFollowed(command: Required<Command>): boolean {
  const { program } = command;
  return (
    onlyReads.test(program) ||
    isServerOrClient(command) ||
    /^(?:cp|install|ln)$/.test(program) ||
    outputOptions[program] !== undefined
  );
}

function writtenBy(by: string): (path: string) => Target {
  return (path) => ({ path: trimmed(path), by });
}

function trimmed(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}

/** Absolute paths in a word: all of it, the value of an option, the places that `-v A:B` joins. */
function pathsIn(text: string): readonly string[] {
  return text
    .replace(/^-[A-Za-z](?=\/)/, '')
    .split(/[=:,]/)
    .filter((part) => /^\/[^/]/.test(part));
}

/** The values of an option, in the next word or after `=`. */
function valuesOf(words: readonly LocatedText[], option: RegExp): readonly string[] {
  return words.flatMap(({ text }, index) => {
    const [name = '', value] = text.split(/=(.*)/s);
    if (!option.test(name)) return [];
    const given = value ?? words[index + 1]?.text;
    return given === undefined || given === '-' ? [] : [given];
  });
}

/** `cp SOURCE… TARGET`: each source under its name in a directory, or one source as the target (cp(1)). */
function copiesOf(by: string, words: readonly LocatedText[]): readonly Target[] {
  const [directory] = valuesOf(words, /^(?:-t|--target-directory)$/);
  const operands = operandsOf(by, words);
  const target = directory ?? operands.at(-1);
  const sources = directory === undefined ? operands.slice(0, -1) : operands;
  if (target === undefined) return [];
  const within = trimmed(target);
  const isPlain = sources.every((path) => /^\/[^*?[{$]*[^*?[{$/]$/.test(path));
  if (!isPlain || words.some(({ text }) => recursive.test(text))) return [{ path: within, by }];
  if (directory !== undefined || sources.length > 1 || target.endsWith('/')) {
    return sources.map((path) => ({ path: `${within}/${baseName(path)}`, source: path, by }));
  }
  return [{ path: within, by, ...sourceOfOne(sources[0] ?? '', within) }];
}

const recursive = /^(?:-[^-]*[raRd]|--(?:archive|recursive))/;

function operandsOf(by: string, words: readonly LocatedText[]): readonly string[] {
  const valued = by === 'install' ? /^-[mogtS]$/ : /^-[tS]$/;
  return words.flatMap(({ text }, index) =>
    text.startsWith('-') || valued.test(words[index - 1]?.text ?? '') ? [] : [text],
  );
}

/** A target without an extension may be a directory. */
function sourceOfOne(source: string, target: string): Pick<Target, 'source'> {
  const isFile = baseName(source) === baseName(target) || /\.\w+$/.test(target);
  return isFile ? { source } : {};
}
