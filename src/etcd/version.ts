import { once, oncePerText } from '../model/once.ts';
import { table } from '../model/table.ts';

/** A release of etcd, comparable by `isAtLeast`. */
export interface EtcdVersion {
  /** Without `v`: `3.5.21`; `main` for the development branch. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** False when the version is not one whose behaviour was looked up; the nearest one's is used then. */
  readonly known: boolean;
  /** Set for a build from before the release whose number it has: `3.6.0-rc.1`. */
  readonly isPreRelease?: true;
  /** The Go release it was built with, where that is not the official binary's: `1.24.4`. */
  readonly goRelease?: string;
}

/** The last patch release that was looked up, by minor release. */
const lastPatch = table<number>({
  '3.3': 27,
  '3.4': 45,
  '3.5': 34,
  '3.6': 16,
  '3.7': 3,
});

/** Before 3.3 settings and TLS follow other rules. */
export const oldestBranch = '3.3';
const newestBranch = '3.7';

/** What is supposed of a cluster that says nothing of its version. */
export const supposedVersion = '3.6.14';

/**
 * Reads `3.5.21`, `v3.5.21`, `3.5`, `3.4.23+dfsg-1`, `3.6.0-rc.1`, `main` or an image tag such as `v3.6.1-0`.
 *
 * A minor release alone means its last patch release. Never throws: text that is no version gives
 * the supposed version with `known: false`.
 */
export function etcdVersion(text: string, goRelease?: string): EtcdVersion {
  const version = releaseNamed(text.trim());
  return goRelease === undefined ? version : builtBy(version)(goRelease);
}

const builtBy = once((version: EtcdVersion) =>
  oncePerText((goRelease): EtcdVersion => ({ ...version, goRelease })),
);

/** What is asked of a release is kept with this one object of it. */
const releaseNamed = oncePerText(readVersion);

function readVersion(trimmed: string): EtcdVersion {
  if (/^(main|master)$/i.test(trimmed)) return { text: 'main', ...parts(3, 8, 0), known: true };

  const match = /^v?(\d+)\.(\d+)(?:\.(\d+)(.*))?/is.exec(trimmed);
  if (match === null) return { ...readVersion(supposedVersion), text: trimmed, known: false };

  const [, major, minor, patch, rest = ''] = match;
  const stage = stageIn(rest);
  const last = lastPatch[`${major}.${minor}`];
  const exact = patch === undefined ? (last ?? 0) : Number(patch);
  const release = `${Number(major)}.${Number(minor)}.${exact}`;
  return {
    text: stage === undefined ? release : `${release}-${stage}`,
    ...(stage !== undefined && { isPreRelease: true }),
    ...parts(Number(major), Number(minor), exact),
    known: last !== undefined && exact <= last,
  };
}

function stageIn(rest: string): string | undefined {
  if (rest === '') return undefined;
  return /^[-_~.]?((?:alpha|beta|rc|pre)(?:[-.]?\d+)?)\b/i.exec(rest)?.[1];
}

function parts(major: number, minor: number, patch: number) {
  return { major, minor, patch };
}

/** Negative when `left` is older than `right`, 0 when they are the same release. */
export function compareVersions(left: EtcdVersion, right: EtcdVersion): number {
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

/** How a release stands to those whose behaviour was looked up; undefined for one of them. */
export function standingOf(
  version: EtcdVersion,
): 'older' | 'newer-patch' | 'newer-branch' | 'pre-release' | undefined {
  if (version.known) return version.isPreRelease === true ? 'pre-release' : undefined;
  if (lastPatch[branchOf(version)] !== undefined) return 'newer-patch';
  return isAtLeast(version, `${oldestBranch}.0`) ? 'newer-branch' : 'older';
}

/** The release that a pre-release became or is to become. */
export function releaseOf({ major, minor, patch }: EtcdVersion): string {
  return `${major}.${minor}.${patch}`;
}

/** `3.5` of `3.5.21`. */
export function branchOf({ major, minor }: EtcdVersion): string {
  return `${major}.${minor}`;
}

/** The last patch release of a branch that was looked up, by default of the newest branch. */
export function lastKnown(branch = newestBranch): string {
  return `${branch}.${lastPatch[branch] ?? 0}`;
}

export function isAtLeast(version: EtcdVersion, release: string): boolean {
  return compareVersions(version, releaseNamed(release)) >= 0;
}

/**
 * Whether a version has what was first released in the given releases: one for each branch that got
 * it, oldest first. `['3.4.25', '3.5.8']` is so from 3.4.25 on in 3.4, from 3.5.8 on in 3.5, always
 * in 3.6, never in 3.3.
 */
export function hasSince(version: EtcdVersion, releases: readonly string[]): boolean {
  const branches = releases.map(releaseNamed);
  const own = branches.find(
    ({ major, minor }) => major === version.major && minor === version.minor,
  );
  if (own !== undefined) return version.patch >= own.patch;

  return branches.some((branch) => compareVersions(version, branch) > 0);
}
