/** An etcd and the Go that it was built with. */
export interface Release {
  /** Without `v`: `3.5.16`. */
  readonly etcdVersion: string;
  /** E.g. `1.22.7`. */
  readonly goVersion: string;
}

/**
 * What an unknown release may be instead of the supposed one: official builds that differ from it and from
 * each other in the rules of etcd or Go, oldest first. From the toolchains that `go-release-of.ts` lists.
 */
export const unknownReleases: readonly Release[] = [
  { etcdVersion: '3.3.27', goVersion: '1.12.17' },
  { etcdVersion: '3.4.30', goVersion: '1.20.13' },
  { etcdVersion: '3.5.0', goVersion: '1.16.3' },
  { etcdVersion: '3.5.16', goVersion: '1.22.7' },
  { etcdVersion: '3.7.1', goVersion: '1.26.5' },
];
