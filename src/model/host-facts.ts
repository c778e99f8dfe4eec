/** What was seen of a host in addition to its files, where settings name a user that etcd runs as. */
export interface HostFact {
  readonly host?: string;
  /** The directory that relative paths start from. */
  readonly workingDirectory: string;
  /** The accounts that settings name and that the host's own lists have. */
  readonly users: readonly HostUser[];
  readonly groups: readonly HostGroup[];
  /** The directories above the files that were read. */
  readonly directories: readonly HostDirectory[];
  /** Files whose path leads through a symbolic link, and where they are. */
  readonly links: readonly HostLink[];
}

export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Groups in addition to its own. */
  readonly groups: readonly number[];
}

export interface HostGroup {
  readonly name: string;
  readonly gid: number;
}

/** Owner, group and permission bits. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export interface HostDirectory extends Ownership {
  readonly path: string;
}

export interface HostLink {
  readonly path: string;
  readonly target: string;
}
