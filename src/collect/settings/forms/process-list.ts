import type { TextFile } from '../../../model/draft.ts';
import { lastOfEach, readForSystemd } from '../environment-file.ts';
import { emptyProcess, type Process, processOf } from '../process.ts';
import { isEtcd, isOfInterest } from '../programs.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import type { SettingsContext } from '../settings-context.ts';
import { startedBy } from '../started.ts';
import { commandOf, substitutionOf } from '../systemd.ts';
import { assignment, baseName, splitWords } from '../words.ts';

/**
 * What `ps`, `systemctl status` and `systemctl show` print, and copies of `/proc/PID/cmdline`. Such a list has no quotes, so that an empty
 * argument and a blank within one are lost; the environment is in what `systemctl show` prints alone.
 */
export const form: SettingsForm = {
  name: 'process-list',
  layer: 'starter',
  recognises: ({ path, text }) =>
    commandsIn(text).length > 0 &&
    (listing.test(text) || /(?:^|\/)(?:ps|cmdline)\b[^/]*$/.test(path)),
  read: readEach((file, context) => ({ processes: processesIn(file, context) })),
};

/** A header of ps, or lines that begin with a process id, with a user and one, or as those of systemctl. */
const listing =
  /^(?:ExecStart=\{ path=|[ \t]*[├└]─\d+\s|[ \t]*(?:UID|USER|PID|F S)\s.*\b(?:CMD|COMMAND|ARGS)\s*$|[ \t]*\d+\s+(?:\S+\s+){0,5}\S*\/?(?:etcd|kube-apiserver|flanneld)\s|[\w+-]+\s+\d+\s+(?:\d|\?).*\s(?<=etcd\S*\s)\s*--?[a-z])/m;

interface Line {
  readonly words: readonly string[];
  readonly line: number;
  /** Set for a line of `systemctl show`, which has the names of variables. */
  readonly shown: boolean;
}

/** On each line the command begins with the first word that is a program of interest. */
function commandsIn(text: string): readonly Line[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    // `systemctl show` prints what it knows of the command after its arguments; the next property repeats it.
    const [, shown] =
      /^ExecStart=\{(?:(?! argv\[\]=).)* argv\[\]=(.*?) ; ignore_errors=/.exec(raw) ?? [];
    if (shown === undefined && /^Exec\w+=\{/.test(raw)) return [];
    const words = (shown ?? raw)
      .replace(/^\s*[├└]─/, '')
      .split(/[\s\0]+/)
      .filter((word) => word !== '' && !/^[\\|_`]+$/.test(word));
    // The first column may be a user of that name, before the process id.
    const start = words.findIndex(
      (word, at) => isProgram(word) && !/^\d+$/.test(words[at + 1] ?? ''),
    );
    const command = words.slice(start);
    // The environment of a process without arguments is only in what `systemctl show` prints.
    if (start < 0 || (command.length < 2 && shown === undefined)) return [];
    return [{ words: command, line: index + 1, shown: shown !== undefined }];
  });
}

function isProgram(word: string): boolean {
  const name = baseName(word);
  return (
    !name.startsWith('-') &&
    !word.includes('=') &&
    (isEtcd(name) || /^(?:kube-apiserver|flanneld)$/.test(name))
  );
}

function processesIn(file: TextFile, context: SettingsContext): readonly Process[] {
  const { path, text } = file;
  const { variables, files, missingFiles } = environmentIn(file, context);
  const substitution = substitutionOf(variables, missingFiles.length === 0);
  return commandsIn(text).flatMap(({ words, line, shown }) => {
    const origin = { file: path, line };
    // On a terminal, `systemctl status` shortens lines.
    const isCut = words.at(-1)?.endsWith('…') === true;
    const listed = words.map((word) => ({ text: word, location: origin }));
    const located = shown ? commandOf(listed, substitution) : listed;
    const base = { ...emptyProcess('process-list', origin), files, missingFiles, partial: true };
    return startedBy({
      words: isCut ? located.slice(0, -1) : located,
      variables,
      complete: false,
    })
      .filter(isOfInterest)
      .map((started) => {
        const process = processOf(base, started);
        const doubts = [...process.doubts, { path, line, reason: cutOff }];
        return isCut ? { ...process, doubts } : process;
      });
  });
}

const cutOff = 'the line is cut off; `systemctl status --full` prints all of it';

/** The properties `Environment` and `EnvironmentFiles`, as `systemctl show` prints them. */
function environmentIn({ path, text }: TextFile, context: SettingsContext) {
  const lines = /^ExecStart=\{/m.test(text) ? text.split(/\r?\n/) : [];
  const set = lines.flatMap((line, index) => {
    const value = /^Environment=(.*)/.exec(line)?.[1] ?? '';
    const location = { file: path, line: index + 1 };
    return splitWords(value, 'systemd').flatMap((word) => assignment(word.text, location) ?? []);
  });
  const named = lines.flatMap(
    (line) => /^EnvironmentFiles=(.*?)(?: \(ignore_errors=\w+\))?$/.exec(line)?.[1] ?? [],
  );
  const found = named.map((name) => ({ name, file: context.find(name, path) }));
  const files = lastOfEach(found.flatMap(({ file }) => file ?? []));
  return {
    variables: [...set, ...files.flatMap(readForSystemd)],
    files: [path, ...files.map((file) => file.path)],
    missingFiles: found.flatMap(({ name, file }) => (file === undefined ? [name] : [])),
  };
}
