import type { SettingsDrafts, SettingsKind, TextFile } from '../../model/draft.ts';

/** How readers get at other files: by the path under which they are deployed. */
export interface SettingsContext {
  /** The given file that stands for a deployed path, e.g. of `EnvironmentFile=` or `--config-file`. */
  find(deployedPath: string): TextFile | undefined;
}

/** Tells settings files from other text by what they contain. */
export function recogniseSettings(file: TextFile): SettingsKind | undefined {
  void file;
  return undefined;
}

/**
 * Reads all settings files of a cert set at once, since some belong together: a unit and its drop-ins,
 * an environment file that a unit names. Never rejects: what cannot be read is a problem in the answer.
 */
export async function readSettings(
  files: readonly TextFile[],
  context: SettingsContext,
): Promise<SettingsDrafts> {
  void files;
  void context;
  return await Promise.resolve({ members: [], clients: [], problems: [] });
}
