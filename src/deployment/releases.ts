import { releaseNotGiven } from '../etcd/release-range.ts';
import {
  branchOf,
  type EtcdVersion,
  etcdVersion,
  lastKnown,
  oldestBranch,
  standingOf,
} from '../etcd/version.ts';
import type { Assumption } from '../model/basis.ts';
import { groupBy } from '../model/group-by.ts';
import type { Member } from '../model/inventory.ts';
import type { Facts } from '../model/evidence.ts';
import type { Gap } from '../model/report.ts';
import { enumerate } from '../model/words.ts';
import { knownGo, standingOfGo } from '../pki/go-release.ts';

/** Where nothing states the release of a member. */
export const unstatedRelease: Assumption = {
  about: 'the etcd release',
  because:
    'the etcd release is not given; the releases from 3.3 to 3.7 that start with these settings were considered',
  give: 'give --etcd-version, which also rules out a release that does not start with these settings',
};

/** Where members state their releases and nothing states what some programs were built with. */
const unstatedBuilds: Assumption = {
  about: 'the Go releases',
  because:
    'the Go releases that members or clients were built with are not given; official builds of these members, and clients from Go 1.12 to 1.26, were considered',
  give: 'give --go-version',
};

/** What was considered of releases that are not stated. */
export function unstatedReleases(members: readonly Member[] = []): Assumption {
  const isStated =
    members.length > 0 &&
    members.every(({ etcdVersion: { origin } }) => origin.because !== releaseNotGiven);
  return isStated ? unstatedBuilds : unstatedRelease;
}

/** Releases newer than those whose rules are known, which were judged by the rules of the newest ones. */
export function newerReleases(parties: Parties): readonly Assumption[] {
  return unknownReleases(parties)
    .filter(({ nearest }) => !nearest.isOldest)
    .map(({ release, names, nearest }) => {
      const because = `${release} is newer than ${nearest.text}, whose rules were applied`;
      return {
        about: `the release of ${enumerate(names)}`,
        because,
        notCovered: because,
        give: `read the changelog of ${release} for what it changed since ${nearest.text}`,
      };
    });
}

/** Releases older than those whose rules are known: nothing is concluded about their members. */
export function olderReleases(parties: Parties): readonly Gap[] {
  return unknownReleases(parties)
    .filter(({ nearest }) => nearest.isOldest)
    .map(({ release, names, nearest }) => ({
      what: `the rules of ${release} (${enumerate(names, 4)})`,
      because: `${release} is older than ${nearest.text}, the oldest release whose rules are known`,
      give: 'upgrade to a maintained release, or give the release that runs',
      asked: true,
    }));
}

type Parties = Partial<Pick<Facts, 'members' | 'clients'>>;

interface Nearest {
  readonly text: string;
  readonly isOldest: boolean;
}

/** Releases whose rules were not looked up, the nearest known ones, and who runs them. */
function unknownReleases({ members = [], clients = [] }: Parties) {
  const programs = [
    ...members.map(({ name, etcdVersion: { value } }) => {
      const version = etcdVersion(value);
      return { name, release: `etcd ${version.text}`, nearest: nearestEtcd(version) };
    }),
    ...[...members, ...clients]
      .filter(({ goVersion: { origin } }) => origin.via !== 'assumed')
      .map(({ name, goVersion: { value } }) => ({
        name,
        release: `Go ${value}`,
        nearest: nearestGo(value),
      })),
  ];
  return [...groupBy(programs, ({ release }) => release).values()].flatMap((all) => {
    const [{ release, nearest }] = all;
    const names = [...new Set(all.map(({ name }) => name))];
    return nearest === undefined ? [] : [{ release, nearest, names }];
  });
}

function nearestEtcd(version: EtcdVersion): Nearest | undefined {
  switch (standingOf(version)) {
    case undefined:
      return undefined;
    case 'older':
      return { text: oldestBranch, isOldest: true };
    case 'newer-patch':
      return { text: lastKnown(branchOf(version)), isOldest: false };
    case 'newer-branch':
      return { text: lastKnown(), isOldest: false };
  }
}

function nearestGo(text: string): Nearest | undefined {
  const standing = standingOfGo(text);
  if (standing === undefined) return undefined;
  return standing === 'older'
    ? { text: knownGo.oldest, isOldest: true }
    : { text: knownGo.newest, isOldest: false };
}
