import type { TextFile } from '../../model/draft.ts';

/** How readers get at other files: by the path under which they are deployed. */
export interface SettingsContext {
  /**
   * The given file for a deployed path, e.g. of `EnvironmentFile=` or `--config-file`.
   * `from` is the file that names it: of several hosts' files by one name, the one next to it is meant.
   */
  find(deployedPath: string, from: string): TextFile | undefined;
  /** The paths of all texts given. */
  readonly paths?: readonly string[];
  /** The paths of all certificates, keys and CRLs given. */
  readonly files?: readonly string[];
}
