import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { emptyProcess, processesOf } from '../process.ts';
import { isEtcd } from '../programs.ts';
import { type FormReading, joined, type SettingsForm } from '../settings-form.ts';
import { assignment, baseName } from '../words.ts';

/** Copies of `/proc/PID/cmdline` and of the `environ` next to it: texts that end in NUL (proc_pid_cmdline(5)). */
export const form: SettingsForm = {
  name: 'process-files',
  layer: 'starter',
  recognises: ({ path, text }) => text.includes('\0') && /cmdline|environ/.test(nameOf(path)),
  read: (files) => {
    const environments = new Map(files.filter(isEnvironment).map((file) => [file.path, file]));
    const used = new Set<TextFile>();
    const readings = files
      .filter((file) => !isEnvironment(file))
      .map((file) => {
        const environment = environments.get(environmentPath(file.path));
        if (environment !== undefined) used.add(environment);
        return processIn(file, environment);
      });
    const alone = [...environments.values()].filter((file) => !used.has(file));
    return joined([...readings, ...alone.map(aloneIn)]);
  },
};

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function environmentPath(path: string): string {
  const name = nameOf(path);
  return `${path.slice(0, path.length - name.length)}${name.replace('cmdline', 'environ')}`;
}

function isEnvironment({ path }: TextFile): boolean {
  return nameOf(path).includes('environ');
}

function partsOf({ path, text }: TextFile): readonly Required<LocatedText>[] {
  const location = { file: path, line: 1 };
  return text
    .replace(/\0\n?$/, '')
    .split('\0')
    .map((part) => ({ text: part, location }));
}

function variablesIn(file: TextFile): readonly EnvironmentVariable[] {
  return partsOf(file).flatMap(({ text, location }) => assignment(text, location) ?? []);
}

function processIn(file: TextFile, environment: TextFile | undefined): FormReading {
  const words = partsOf(file);
  const empty = emptyProcess('process-files', { file: file.path, line: 1 });
  const base = {
    ...empty,
    files: [file.path, ...(environment === undefined ? [] : [environment.path])],
    partial: environment === undefined,
  };
  const variables = environment === undefined ? [] : variablesIn(environment);
  const missing =
    environment === undefined && isEtcd(baseName(words[0]?.text ?? ''))
      ? [{ path: file.path, line: 1, reason: 'the environment of this process was not given' }]
      : [];
  const complete = environment !== undefined;
  return { processes: processesOf(base, { words, variables, complete }), notUnderstood: missing };
}

/** The program that has this environment is unknown. */
function aloneIn(file: TextFile): FormReading {
  const empty = emptyProcess('process-files', { file: file.path, line: 1 });
  return { processes: [{ ...empty, variables: variablesIn(file), partial: true }] };
}
