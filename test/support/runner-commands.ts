/** A command that GitHub's runner would obey. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

/** What the runner registers (actions/runner, ActionCommandManager.cs and its extensions). */
const registered = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'internal-set-repo-path',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/** The commands in a log, by the grammar of actions/runner: `::name k=v,k=v::data`, else `##[name k=v;k=v]data`. */
export function runnerCommandsIn(log: string): readonly RunnerCommand[] {
  return log
    .split(/\r\n|\r|\n/)
    .flatMap((line) => byColons(line.trimStart()) ?? byHashes(line) ?? []);
}

function byColons(line: string): RunnerCommand | undefined {
  const end = line.indexOf('::', 2);
  if (!line.startsWith('::') || end < 0) return undefined;
  return commandOf(line.slice(2, end), ',', line.slice(end + 2));
}

function byHashes(line: string): RunnerCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  return commandOf(line.slice(start + 3, end), ';', line.slice(end + 1));
}

function commandOf(head: string, separator: string, data: string): RunnerCommand | undefined {
  const [name = '', ...rest] = head.split(' ');
  if (!registered.has(name)) return undefined;
  const pairs = rest.join(' ').trim().split(separator).filter(Boolean);
  const properties = pairs.map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return { name, properties: new Map(properties), data };
}
