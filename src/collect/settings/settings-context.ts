import type { TextFile } from '../../model/draft.ts';

/** How readers get at other files: by the path under which they are deployed. */
export interface SettingsContext {
  /** The given file that stands for a deployed path, e.g. of `EnvironmentFile=` or `--config-file`. */
  find(deployedPath: string): TextFile | undefined;
}
