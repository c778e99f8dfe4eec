import {
  branchOf,
  compareVersions,
  type EtcdVersion,
  etcdVersion,
  oldestBranch,
  standingOf,
} from './version.ts';
import { once, oncePerText } from '../model/once.ts';
import { table } from '../model/table.ts';

/** The Go release that an etcd was built with, and how sure that is. */
export interface BuiltWith {
  /** E.g. `1.23.8`. */
  readonly release: string;
  /** False when no official binary of that version was looked up and its neighbour's release is given. */
  readonly known: boolean;
  readonly because: string;
}

interface Build {
  readonly patch: number;
  readonly release: string;
}

/** `PATCH:GO` of each. */
function builds(text: string): readonly Build[] {
  return text.split(' ').map((build) => {
    const [patch = '0', release = ''] = build.split(':');
    return { patch: Number(patch), release };
  });
}

/**
 * Official binaries: the first patch release of etcd built with each Go release, by minor release of etcd.
 * From etcd's CHANGELOG and .go-version.
 */
const toolchains = table<readonly Build[]>({
  '3.3': builds(
    '0:1.9.3 1:1.9.4 3:1.9.5 5:1.9.6 8:1.9.7 9:1.10.3 10:1.10.4 11:1.10.7 12:1.10.8 14:1.12.9 19:1.12.17',
  ),
  '3.4': builds(
    '0:1.12.9 3:1.12.12 16:1.12.17 19:1.16.15 23:1.17.13 25:1.19.8 26:1.19.9 27:1.19.10 28:1.20.11 29:1.20.12 ' +
      '30:1.20.13 31:1.21.8 32:1.21.9 33:1.21.11 34:1.22.7 35:1.22.9 36:1.23.6 37:1.23.8 38:1.24.9 39:1.24.10 ' +
      '40:1.24.11 41:1.24.13 42:1.25.8 44:1.25.9 45:1.25.10',
  ),
  '3.5': builds(
    '0:1.16.3 3:1.16.15 7:1.17.13 8:1.19.8 9:1.19.9 10:1.20.10 11:1.20.12 12:1.20.13 13:1.21.8 14:1.21.10 ' +
      '15:1.21.12 16:1.22.7 17:1.22.9 18:1.22.11 19:1.23.7 22:1.23.11 23:1.24.7 24:1.24.9 25:1.24.10 26:1.24.11 ' +
      '27:1.24.13 28:1.25.8 30:1.25.9 31:1.25.10 32:1.25.11 33:1.25.12 34:1.25.13',
  ),
  '3.6': builds(
    '0:1.23.9 1:1.23.10 2:1.23.11 5:1.24.7 6:1.24.10 7:1.24.11 8:1.24.13 9:1.25.8 11:1.25.9 12:1.25.10 ' +
      '13:1.25.11 14:1.25.12',
  ),
  '3.7': builds('0:1.26.5'),
  '3.8': builds('0:1.26.6'),
});

/** The Go release of the official binary of an etcd version. Distributions build with other releases. */
export const goReleaseOf: (version: EtcdVersion) => BuiltWith = once((version) => {
  const branch = nearestBranch(version);
  const ofBranch = toolchains[branch] ?? [];
  const sameBranch = branch === branchOf(version);
  const build = sameBranch
    ? ofBranch.findLast(({ patch }) => patch <= version.patch)
    : ofBranch.at(branch === oldestBranch ? 0 : -1);
  const release = build?.release ?? '';
  const known =
    standingOf(version) === undefined &&
    sameBranch &&
    version.patch <= (lastPublished[branch] ?? version.patch);

  return {
    release,
    known,
    because: known
      ? `the official binary of etcd ${version.text} is built with it`
      : `the nearest official binary to etcd ${version.text} that is known is built with it`,
  };
});

/** The last patch releases whose toolchain was looked up, in branches with later ones that are known. */
const lastPublished = table<number>({ '3.6': 14, '3.7': 1 });

/** The Go release that an etcd runs on: its own where it is known, else the official binary's. */
function goRunning(version: EtcdVersion): string {
  return version.goRelease ?? goReleaseOf(version).release;
}

/** Whether an etcd runs on a Go of at least a minor release such as `1.24`. */
export function runsOnGo(version: EtcdVersion, release: string): boolean {
  return minorOf(goRunning(version)) >= minorOf(release);
}

/**
 * Whether the module of an etcd release asks for a Go of at least a minor release, by which GODEBUG's
 * defaults go. Upstream's go.mod has always named the toolchain's own minor release.
 */
export function declaresGo(version: EtcdVersion, release: string): boolean {
  return minorOf(goReleaseOf(version).release) >= minorOf(release);
}

const minorOf = oncePerText((release) => Number(/^\d+\.(\d+)/.exec(release)?.[1] ?? 0));

const branches = Object.keys(toolchains).map((branch) => ({
  branch,
  first: etcdVersion(`${branch}.0`),
}));

function nearestBranch(version: EtcdVersion): string {
  const reached = branches.findLast(({ first }) => compareVersions(version, first) >= 0);
  return reached?.branch ?? oldestBranch;
}
