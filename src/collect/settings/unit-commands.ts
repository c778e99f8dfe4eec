import { type Requirement, requirementOf } from './before-start.ts';
import type { Command } from './probes.ts';
import type { Process } from './process.ts';
import type { FindText, SettingsContext } from './settings-context.ts';
import type { CommandLine, Starts } from './starts.ts';
import { startedBy } from './started.ts';
import { commandOf, prefixes, type Substitution } from './unit-words.ts';

/** A command of a unit that runs around its process, and what it starts. */
export interface UnitCommand {
  readonly command: Command;
  readonly starts: Starts;
  /** Whether its failure is passed over. */
  readonly mayFail: boolean;
}

/** The commands that systemd runs before and right after it starts a process. */
function isAroundStart({ name }: Command): boolean {
  return isBeforeStart(name) || name === 'ExecStartPost';
}

function isBeforeStart(name: string): boolean {
  return name === 'ExecStartPre' || name === 'ExecCondition';
}

/** What runs before the process opens its files. */
export function runsBefore(commands: readonly UnitCommand[]): readonly Starts[] {
  return commands.flatMap(({ command, starts }) => (isBeforeStart(command.name) ? [starts] : []));
}

/** What changes files of a running process, which opens some again at each handshake, and those of its next start. */
export function runsAfter(commands: readonly UnitCommand[]): readonly Starts[] {
  return commands.flatMap(({ command, starts }) => (isBeforeStart(command.name) ? [] : [starts]));
}

/** What has to succeed. A command after the start may ask etcd itself. */
export function requiredCommands(commands: readonly UnitCommand[]): readonly Requirement[] {
  return commands
    .filter(({ command, mayFail }) => isAroundStart(command) && !mayFail)
    .map(({ command, starts }) =>
      requirementOf(
        command,
        starts.ending(),
        isBeforeStart(command.name) ? 'command-fails' : 'command-fails-after-start',
      ),
    )
    .filter(({ name, ending }) => isBeforeStart(name) || ending === 'fails');
}

interface Around {
  readonly base: Pick<Process, 'variables' | 'directory'>;
  readonly complete: CommandLine['complete'];
  readonly substitution: Substitution;
}

export function commandsAround(
  hooks: readonly Command[],
  { base: { variables, directory }, complete, substitution }: Around,
  context: SettingsContext,
): readonly UnitCommand[] {
  return hooks.map((hook) => {
    const command = { ...hook, words: commandOf(hook.words, substitution) };
    const find = finder(context, hook.location.file);
    const starts = startedBy({ words: command.words, variables, directory, complete, find });
    return { command, starts, mayFail: isFailurePassedOver(hook) };
  });
}

export function finder(context: SettingsContext, from: string): FindText {
  return (path, as) => context.find(path, from, as);
}

/** With `-` in front of a command its failure does not count (systemd.service(5)). */
export function isFailurePassedOver({ words: [program] }: Command): boolean {
  return prefixes.exec(program?.text ?? '')?.[0].includes('-') === true;
}
