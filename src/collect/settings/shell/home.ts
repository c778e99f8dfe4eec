import type { Run } from './runtime.ts';

/** A path below the home of the user, which only the running shell knows; undefined for other texts. */
export function pathInHome(text: string, run: Run): string | undefined {
  const [, below] = /^(?:\$\(~|\$HOME|\$\{HOME\}|~)(\/[\w./-]+)\)?$/.exec(text) ?? [];
  return below === undefined ? undefined : `${homeOf(run)}${below}`;
}

/** The home of the user, by its variable where that is set. */
export function homeOf({ state }: Run): string {
  const home = state.variables.get('HOME');
  return home?.isKnown === true && home.value !== undefined ? home.value : '~';
}
