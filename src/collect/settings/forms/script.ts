import type { TextFile, UnreadText } from '../../../model/draft.ts';
import { getOrMake } from '../../../model/get-or-make.ts';
import type { LocatedText } from '../../../model/settings.ts';
import { emptyProcess, type Process, processOf } from '../process.ts';
import { mayBeAboutEtcd, mayHideClient } from '../mentions.ts';
import { isOfInterest } from '../programs.ts';
import { withPreparedFiles } from '../prepared-files.ts';
import { type FormReading, joined, type SettingsForm } from '../settings-form.ts';
import type { FindText, SettingsContext } from '../settings-context.ts';
import type { Starts } from '../starts.ts';
import { startedByScript } from '../started.ts';
import { locatedWords, type LogicalLine, logicalLines } from '../words.ts';

/** Shell scripts and other texts of command lines; lists of flags without a program. */
export const form: SettingsForm = {
  name: 'command-line',
  layer: 'script',
  recognises: ({ path, text }) =>
    !isForeign(path, text) &&
    (signs.some((sign) => sign(text)) || usesVariables.every((sign) => sign.test(text))),
  read: (files, context) => {
    const readings = files.map((file) => ({ file, reading: readScript(file, context) }));
    return joined(withoutParts(readings).map(({ reading }) => reading));
  },
};

/** Texts with commands that a shell would read otherwise: scripts of execline, jobs of upstart. */
function isForeign(path: string, text: string): boolean {
  if (text.startsWith('#!') && /^[^\n]*\bexeclineb?\b/.test(text)) return true;
  return path.endsWith('.conf') && /^(?:start|stop)[ \t]+on\b/m.test(text);
}

interface Reading {
  readonly file: TextFile;
  readonly reading: FormReading;
}

/** Without scripts that others start or read: they have the variables of these. */
function withoutParts(readings: readonly Reading[]): readonly Reading[] {
  const readers = new Map<string, Set<string>>();
  for (const { file, reading } of readings) {
    for (const path of (reading.processes ?? []).flatMap(({ files }) => files)) {
      if (path !== file.path) getOrMake(readers, path, () => new Set<string>()).add(file.path);
    }
  }
  const parts = new Set<string>();
  for (const { file } of readings) {
    const isPart = [...(readers.get(file.path) ?? [])].some((reader) => !parts.has(reader));
    if (isPart) parts.add(file.path);
  }
  return readings.filter(({ file }) => !parts.has(file.path));
}

const signs: readonly ((text: string) => boolean)[] = [
  (text) =>
    text.includes('-etcd-') &&
    /^[ \t"'-]*-etcd-(?:servers|cafile|certfile|keyfile|endpoints)\b/m.test(text),
  (text) => text.startsWith('#!') && /^#!.*\b(?:ba|da|z|k|a)?sh\b/.test(text),
  (text) =>
    /docker|podman|nerdctl/.test(text) &&
    /^[ \t]*(?:(?:exec|sudo|nohup|nice|env|time)[ \t]+(?:\S+[ \t]+)*)?(?:[\w./-]*\/)?(?:docker|podman|nerdctl)[ \t]+run\b[^\n]*/m.test(
      text,
    ),
  (text) =>
    /(?:etcd[\w.-]*|kube-apiserver|flanneld)[ \t]/.test(text) &&
    /^[ \t]*(?:[A-Za-z_]\w*=\S*[ \t]+)*(?:(?:exec|sudo|nohup|nice|ionice|env|command|time|setsid|numactl)[ \t]+(?:-\S+[ \t]+|\d+[ \t]+|[A-Za-z_]\w*=\S*[ \t]+)*)*(?:[\w./-]*\/)?(?:etcd(?:-v?\d[\w.-]*)?|etcdctl|kube-apiserver|flanneld)[ \t](?:[ \t]*\\[ \t\r]*$|.*--?[a-z])/m.test(
      text,
    ),
];

/** A command without flags, which gets everything from the variables before it. */
const usesVariables = [/^[ \t]*export[ \t]+ETCDCTL_/m, /^[ \t]*(?:[\w./-]*\/)?etcdctl[ \t]+[a-z]/m];

function readScript(file: TextFile, context: SettingsContext): FormReading {
  const { path, text } = file;
  const lines = logicalLines(text, /^\s*#/);
  const flags = lines.filter(isFlags);
  const rest = lines.filter((line) => line.text.trim() !== '' && !isFlags(line));
  const isScript = text.startsWith('#!');
  if (!isScript && flags.length > 0 && rest.length <= flags.length / 2) {
    const { processes, notUnderstood } = commandsOf(file, context, true);
    return { processes: [...looseFlags(path, flags), ...processes], notUnderstood };
  }
  return commandsOf(file, context, false);
}

/** Lines of flags alone, be they items of a list or lines of a help text, make up one process without a program. */
function looseFlags(path: string, lines: readonly LogicalLine[]): readonly Process[] {
  const words = lines.flatMap((line) => flagsOf(path, line));
  const origin = words[0]?.location ?? { file: path };
  return [{ ...emptyProcess('command-line', origin), words, partial: true }];
}

function commandsOf(file: TextFile, context: SettingsContext, areFlags: boolean) {
  const { path } = file;
  const find: FindText = (wanted, as) => context.find(wanted, path, as);
  const directory = serviceDirectory(path);
  const starts = startedByScript(file, { find, paths: context.paths, directory });
  const { started, unfollowed, variables } = starts;
  const commands = started.filter(({ program }) => program !== undefined).filter(isOfInterest);
  const before = [starts];
  const processes = commands.map((each) => {
    const origin = each.words[0]?.location ?? { file: path };
    const process = emptyProcess('command-line', { ...origin, file: path });
    const { mounts } = withPreparedFiles(process, before);
    return processOf({ ...process, mounts }, each);
  });
  // What else a script does with settings is in the doubts of everything that it starts.
  const notUnderstood = [
    ...(processes.length > 0 ? [] : doubtsOf(file, starts)),
    ...(mayHideClient(file.text) ? unfollowed : []),
  ];
  if (processes.length > 0 || areFlags) return { processes, notUnderstood };

  const isScript = file.text.startsWith('#!');
  const own = variables.filter(
    ({ location, isExported }) => location?.file === path && (isExported || !isScript),
  );
  const origin = own[0]?.location ?? { file: path };
  const alone = { ...emptyProcess('environment-file', origin), variables: own };
  return { processes: own.length > 0 ? [alone] : [], notUnderstood };
}

function doubtsOf({ text }: TextFile, { started, scripts }: Starts): readonly UnreadText[] {
  const isOpen = [text, ...scripts].some(mayBeAboutEtcd);
  return isOpen ? (started[0]?.doubts ?? []) : [];
}

/** runit, daemontools and s6 start `run` in its own directory. */
function serviceDirectory(path: string): string | undefined {
  if (!path.endsWith('/run')) return undefined;
  return /(?<![^/])((?:etc|service|run|usr|var|command|package)(?:\/[^/]+)*)\/run$/
    .exec(path)?.[1]
    ?.replace(/^/, '/');
}

function isFlags({ text }: LogicalLine): boolean {
  return /^\s*(?:-\s+)?["']?--?[a-z]/.test(text);
}

/** A colon after the first word: the rest says what the flag is for. */
function flagsOf(path: string, line: LogicalLine): readonly Required<LocatedText>[] {
  const text = line.text.replace(/^(\s*)-(?=\s+["']?-)/, '$1 ');
  const [first, ...rest] = locatedWords(path, { ...line, text }, 'shell');
  if (first === undefined) return [];
  return first.text.endsWith(':')
    ? [{ ...first, text: first.text.slice(0, -1) }]
    : [first, ...rest];
}
