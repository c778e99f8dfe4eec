import { defined } from '../../../model/defined.ts';
import type { TextFile } from '../../../model/draft.ts';
import type { LocatedText } from '../../../model/settings.ts';
import { isMember } from '../is-member.ts';
import { withRequirements } from '../before-start.ts';
import { withHookRuns, type HookLine, portsIn, runsOfHook } from '../probes.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import type { FindText, SettingsContext } from '../settings-context.ts';
import { readShell, type ShellVariable } from '../shell/run.ts';
import { assignment, baseName, splitWords } from '../words.ts';

export const reader: SettingsForm['read'] = readEach((file, context) => ({
  processes: serviceIn(file, context),
}));

function serviceIn({ path, text }: TextFile, context: SettingsContext) {
  const name = baseName(path);
  const { conf, variables } = variablesOf({ path, text }, context);
  const find = (wanted: string) => variables.findLast((each) => each.name === wanted);
  const command = find('command');
  if (command === undefined) return [];

  const origin = command.location ?? { file: path };
  const words = [
    'command',
    'command_args',
    'command_args_foreground',
    'command_args_background',
  ].flatMap((each) => {
    const variable = find(each);
    return splitWords(variable?.value ?? '', 'shell').map((word) => ({
      text: word.text,
      ...(variable?.location && { location: variable.location }),
    }));
  });
  const user = find('command_user');
  const base = {
    ...emptyProcess('openrc', origin),
    label: name,
    ...defined({ directory: find('directory')?.value }),
    files: [path, ...(conf === undefined ? [] : [conf.path])],
    ...runsAs(user && { text: user.value, ...(user.location && { location: user.location }) }),
  };
  // Only what is exported reaches the daemon; the scripts' own variables do not.
  const exported = new Set(
    [path, conf?.path].flatMap((each) => exportedIn(each === path ? text : conf?.text)),
  );
  const environment = [
    ...variables.filter((variable) => exported.has(variable.name)),
    ...['start_stop_daemon_args', 'supervise_daemon_args'].flatMap((each) => givenBy(find(each))),
  ];
  const line = { variables: environment, complete: false };
  const finding: FindText = (wanted, as) => context.find(wanted, path, as);
  const script = startScript(path, text, conf !== undefined);
  const own = [{ text: '/bin/sh' }, { text: '-c' }, script];
  const processes = isDefined('start', text)
    ? processesOf(base, { ...line, words: own, isBlock: true, find: finding })
    : processesOf(base, { ...line, words });
  const hookLine = { ...line, find: finding, ports: portsIn(processes) };
  return withHooks(processes, base, hookLine, { path, text });
}

/** Its own `start`, after the file of its name in conf.d, whose variables it may use without exporting them. */
function startScript(path: string, text: string, hasConf: boolean): LocatedText {
  const before = hasConf ? `. /etc/conf.d/${baseName(path)}; ` : '';
  // On the first line, which is a comment, so that the others keep theirs. The script begins below its word.
  const body = text.replace(/^#!.*\n/, `${before}:\n`);
  return { text: `${body}\nstart`, location: { file: path, line: 0 } };
}

/** What the service has set once `start_pre` has run, with the file of its name in conf.d. */
function variablesOf({ path, text }: TextFile, context: SettingsContext) {
  const name = baseName(path);
  const conf = context.find(`/etc/conf.d/${name}`, path);
  const before =
    conf &&
    readShell(
      { text: conf.text, file: conf.path, line: 1 },
      { environment: nothing(name), complete: false },
    );
  const { variables } = readShell(
    { text: isDefined('start_pre', text) ? `${text}\nstart_pre\n` : text, file: path, line: 1 },
    { environment: before?.variables ?? nothing(name), complete: false },
  );
  return { conf, variables };
}

/** Whether a script has a function of its own by a name, in the place of that of openrc-run. */
function isDefined(name: string, text: string): boolean {
  return new RegExp(`^[ \\t]*(?:function[ \\t]+)?${name}[ \\t]*\\(\\)`, 'm').test(text);
}

/** `--env NAME=value` of start-stop-daemon and supervise-daemon. */
function givenBy(variable: ShellVariable | undefined): readonly ShellVariable[] {
  if (variable === undefined) return [];
  const words = splitWords(variable.value, 'shell').map(({ text }) => text);
  return words.flatMap((word, index) => {
    const attached = /^(?:--env=|-e)(.+)$/s.exec(word)?.[1];
    const text = /^(?:-e|--env)$/.test(word) ? words[index + 1] : attached;
    return text === undefined ? [] : [assignment(text, variable.location) ?? []].flat();
  });
}

/** What the service runs around its program (openrc-run(8)). */
const functions = /^[ \t]*((?:start|stop)_(?:pre|post)|healthcheck|reload)[ \t]*\(\)/gm;

function withHooks(
  processes: readonly Process[],
  base: Process,
  line: HookLine,
  { path, text }: TextFile,
): readonly Process[] {
  const isOfEtcd = processes.some(isMember);
  const place = isOfEtcd ? { place: 'unit of etcd' as const } : {};
  const last = new Map(
    [...text.matchAll(functions)].map(({ 1: name = '', index }) => [name, index]),
  );
  const runs = [...last].map(([name, index]) => {
    const location = { file: path, line: text.slice(0, index).split('\n').length };
    // The script begins on the line below its word.
    const script = { text: `${text}\n${name}`, location: { file: path, line: 0 } };
    const words = [...['/bin/sh', '-c'].map((word) => ({ text: word, location })), script];
    return runsOfHook({ ...base, ...place }, { ...line, isBlock: true }, { name, words, location });
  });
  // Without `start_pre` the service does not start.
  const required = runs.flatMap((run, index) =>
    [...last.keys()][index] === 'start_pre' ? run.required('command-fails') : [],
  );
  return withRequirements(withHookRuns(processes, runs), required);
}

function nothing(name: string) {
  return [
    { name: 'RC_SVCNAME', value: name },
    { name: 'SVCNAME', value: name },
    { name: 'name', value: name },
  ];
}

function exportedIn(text = ''): readonly string[] {
  return [...text.matchAll(/^[ \t]*export[ \t]+([^\n#;]+)/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/([A-Za-z_]\w*)(?:=\S*)?/g)].map(([, name = '']) => name),
  );
}
