/** An etcd and the Go that it was built with. */
export interface Release {
  /** Without `v`: `3.5.16`. */
  readonly etcdVersion: string;
  /** E.g. `1.22.7`. */
  readonly goVersion: string;
}

/**
 * What an unknown release may be instead of the supposed one: the ends of the range 3.3 to 3.7, and Go 1.16
 * between them, whose pools of CAs are like neither end's. Rules that hold from some release on differ at an
 * end if they differ anywhere. Of each list the first release counts that starts with the settings at hand.
 * Official builds, from the toolchains that `go-release-of.ts` lists.
 */
export const unknownReleases: readonly (readonly Release[])[] = [
  [
    { etcdVersion: '3.3.27', goVersion: '1.12.17' },
    { etcdVersion: '3.4.0', goVersion: '1.12.9' },
    { etcdVersion: '3.6.0', goVersion: '1.23.9' },
  ],
  [{ etcdVersion: '3.5.0', goVersion: '1.16.3' }],
  [{ etcdVersion: '3.7.1', goVersion: '1.26.5' }],
];

/**
 * The last releases of earlier branches, newest first, for settings that the supposed release refuses. Not
 * 3.3: it starts with what every later release refuses, such as a flag and its variable together.
 */
export const earlierReleases: readonly Release[] = [
  { etcdVersion: '3.5.34', goVersion: '1.25.13' },
  { etcdVersion: '3.4.45', goVersion: '1.25.10' },
];
