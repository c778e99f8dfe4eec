import type { TextFile } from '../../model/draft.ts';

/**
 * What a path stands for. Many files are called `etcd`: a program is what is at its very path, in a copy of the
 * host or where a mount or `--map` leads. Elsewhere a name is enough.
 */
export type Meaning = 'program' | 'file';

/** The given file for a path as one process sees it. */
export type FindText = (path: string, as?: Meaning) => TextFile | undefined;

/** How readers get at other files: by the path under which they are deployed. */
export interface SettingsContext {
  /**
   * The given file for a deployed path, e.g. of `EnvironmentFile=` or `--config-file`.
   * `from` is the file that names it: of several hosts' files by one name, the one next to it is meant.
   */
  find(deployedPath: string, from: string, as?: Meaning): TextFile | undefined;
  /** The paths of all texts given. */
  readonly paths?: readonly string[];
  /** The paths of all certificates, keys and CRLs given. */
  readonly files?: readonly string[];
}
