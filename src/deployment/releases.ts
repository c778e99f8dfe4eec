import { releaseNotGiven } from '../etcd/release-range.ts';
import {
  branchOf,
  type EtcdVersion,
  etcdVersion,
  lastKnown,
  oldestBranch,
  releaseOf,
  standingOf,
} from '../etcd/version.ts';
import type { Assumption } from '../model/basis.ts';
import { groupBy } from '../model/group-by.ts';
import type { Client, Member } from '../model/inventory.ts';
import { defined } from '../model/defined.ts';
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
  return isStated(members) ? unstatedBuilds : unstatedRelease;
}

function isStated(members: readonly Member[]): boolean {
  return (
    members.length > 0 &&
    members.every(({ etcdVersion: { origin } }) => origin.because !== releaseNotGiven)
  );
}

/** Said of results and connections that turn out otherwise under another release of the range. */
export function openReleases({ members = [] }: Parties): Assumption {
  const newer = members
    .map(({ etcdVersion: { value } }) => etcdVersion(value))
    .filter((version) => standingOf(version) === 'newer-branch');
  const [release] = newer.map(({ text }) => `etcd ${text}`);
  if (release !== undefined) {
    return {
      about: `what ${release} changed`,
      because: `${release} is newer than ${lastKnown()}, the newest release whose rules are known, and releases differ here`,
      give: `read the changelog of ${release} for what it changed since ${lastKnown()}`,
    };
  }
  return isStated(members)
    ? {
        about: 'the Go release',
        because: 'the Go release of the build is not given, and Go releases differ here',
        give: 'give --go-version',
      }
    : {
        about: 'the etcd release',
        because: 'the etcd release is not given, and releases differ here',
        give: 'give --etcd-version (and --go-version for a build that is not the official one)',
      };
}

/** Releases newer than those whose rules are known, which were judged by the rules of the newest ones, and pre-releases. */
export function newerReleases(parties: Parties): readonly Assumption[] {
  return unknownReleases(parties)
    .filter(({ nearest }) => !nearest.isOldest)
    .map(({ release, names, nearest }) => {
      const standing = nearest.isYetToCome === true ? 'a pre-release of' : 'newer than';
      const because = `${release} is ${standing} ${nearest.text}, whose rules were applied`;
      return {
        about: `the release of ${enumerate(names)}`,
        because,
        notCovered: because,
        give:
          nearest.isYetToCome === true
            ? `run the release: ${nearest.text} or a later one`
            : `read the changelog of ${release} for what it changed since ${nearest.text}`,
      };
    });
}

/** Releases older than those whose rules are known: nothing is concluded about their members. */
export function olderReleases(parties: Parties): readonly Gap[] {
  return unknownReleases(parties)
    .filter(({ nearest }) => nearest.isOldest)
    .map(({ release, names, nearest, because }) => ({
      what: `the rules of ${release} (${enumerate(names, 4)})`,
      because: [
        `${release} is older than ${nearest.text}, the oldest release whose rules are known`,
        ...(because === undefined ? [] : [because]),
      ].join('; '),
      give: 'upgrade to a maintained release, or give the release that runs',
      asked: true,
    }));
}

type Parties = Partial<Pick<Facts, 'members' | 'clients'>>;

interface Nearest {
  readonly text: string;
  readonly isOldest: boolean;
  /** Set where the release is a pre-release of it. */
  readonly isYetToCome?: true;
}

/** A member's or client's program, of a release whose rules were not looked up. */
interface Program {
  readonly name: string;
  readonly release: string;
  readonly nearest: Nearest;
  /** Why it is that release, where that is not stated. */
  readonly because?: string;
}

/** Releases whose rules were not looked up, the nearest known ones, and who runs them. */
function unknownReleases({ members = [], clients = [] }: Parties) {
  const ofNewEtcd = members.filter((member) => !isOfOldEtcd(member));
  const programs = [...members.flatMap(etcdOf), ...[...ofNewEtcd, ...clients].flatMap(goOf)];
  return [...groupBy(programs, ({ release }) => release).values()].map((all) => ({
    ...all[0],
    names: [...new Set(all.map(({ name }) => name))],
  }));
}

function etcdOf({ name, etcdVersion: { value } }: Member): readonly Program[] {
  const version = etcdVersion(value);
  const nearest = nearestEtcd(version);
  return nearest === undefined ? [] : [{ name, release: `etcd ${version.text}`, nearest }];
}

/** Of what is not stated, official builds alone can be too old: what else is assumed is known. */
function goOf({ name, goVersion: { value, origin } }: Member | Client): readonly Program[] {
  const nearest = nearestGo(value);
  if (nearest === undefined) return [];
  const program = { name, release: `Go ${value}`, nearest };
  if (origin.via !== 'assumed') return [program];
  return nearest.isOldest ? [{ ...program, ...defined({ because: origin.because }) }] : [];
}

/** Its Go is old too, and is no second reason. */
function isOfOldEtcd({ etcdVersion: { value } }: Member): boolean {
  return standingOf(etcdVersion(value)) === 'older';
}

function nearestEtcd(version: EtcdVersion): Nearest | undefined {
  switch (standingOf(version)) {
    case undefined:
      return undefined;
    case 'older':
      return { text: oldestBranch, isOldest: true };
    case 'pre-release':
      return { text: releaseOf(version), isOldest: false, isYetToCome: true };
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
