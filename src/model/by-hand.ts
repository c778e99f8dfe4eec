import type { SettingsKind } from './draft.ts';

/** Whether a process of a settings file is run by hand, as a rule where its files are. */
export function isByHand(kind: SettingsKind): boolean {
  return kind === 'command-line' || kind === 'procfile';
}
