import { knownGo } from '../pki/go-release.ts';
import { lastKnown } from './version.ts';

/** An etcd and the Go that it was built with. */
export interface Release {
  /** Without `v`: `3.5.16`. */
  readonly etcdVersion: string;
  /** E.g. `1.22.7`. */
  readonly goVersion: string;
}

/** Why a release is supposed. */
export const releaseNotGiven = 'the etcd version is not given; use --etcd-version';

/** What members run whose release is not known, as one possibility of several. */
export interface Supposition {
  /** Those whose release nothing states. */
  readonly unstated: Release;
  /** Those of a branch newer than the known ones. Where it is given, builds that were not looked up have the newest Go. */
  readonly newest?: Release;
}

/**
 * What an unknown release may be instead of the supposed one: the ends of the range 3.3 to 3.7, and Go 1.16
 * between them, whose pools of CAs are like neither end's. Rules that hold from some release on differ at an
 * end if they differ anywhere. Of each list the first release counts that starts with the settings at hand.
 * Official builds, from the toolchains that `go-release-of.ts` lists. A release of a newer branch may be as
 * the last of the newest known branches are.
 */
export const unknownReleases: readonly {
  readonly unstated: readonly Release[];
  readonly newest: Release;
}[] = [
  {
    unstated: [
      { etcdVersion: '3.3.27', goVersion: '1.12.17' },
      { etcdVersion: '3.4.0', goVersion: '1.12.9' },
      { etcdVersion: '3.6.0', goVersion: '1.23.9' },
    ],
    newest: { etcdVersion: lastKnown('3.6'), goVersion: '1.25.12' },
  },
  {
    unstated: [{ etcdVersion: '3.5.0', goVersion: '1.16.3' }],
    newest: { etcdVersion: lastKnown('3.6'), goVersion: knownGo.newest },
  },
  {
    unstated: [{ etcdVersion: '3.7.1', goVersion: '1.26.5' }],
    newest: { etcdVersion: lastKnown(), goVersion: knownGo.newest },
  },
];

/**
 * The last releases of earlier branches, newest first, for settings that the supposed release refuses. Not
 * 3.3: it starts with what every later release refuses, such as a flag and its variable together.
 */
export const earlierReleases: readonly Release[] = [
  { etcdVersion: '3.5.34', goVersion: '1.25.13' },
  { etcdVersion: '3.4.45', goVersion: '1.25.10' },
];
