import type { Command } from 'commander';
import { InputError } from '../../input-error.ts';
import { completionScript, shells } from '../completion.ts';
import { exitCodes } from '../exit-code.ts';

/** Prints the completion script of a shell. */
export function printCompletion(root: Command, name: string): number {
  const shell = shells.find((candidate) => candidate === name);
  if (shell === undefined) {
    throw new InputError('OPTION_INVALID', `unknown shell "${name}"`, {
      hint: `use one of ${shells.join(', ')}`,
    });
  }
  process.stdout.write(completionScript(root, shell));
  return exitCodes.pass;
}
