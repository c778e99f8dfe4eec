import type { ProblemReason } from './problem-words.ts';
import type { Lifetime } from './lifetime.ts';
import type { Location } from './target.ts';

/** Something in settings that does not do what was meant, as data: `settingsWords` puts it in words. */
export interface SettingsProblem {
  readonly kind: SettingsProblemKind;
  readonly why: ProblemReason;
  readonly location?: Location;
  /** The setting's name as written. */
  readonly name: string;
  readonly values?: ProblemValues;
  /** The releases for which it is one, where it is not for all that read these settings. */
  readonly during?: Lifetime;
  /** What this etcd prints, literally, where it prints anything. */
  readonly etcdSays?: string;
}

export type Problems = readonly SettingsProblem[];

export const settingsProblemKinds = [
  'refused-at-start',
  'refused-at-first-start',
  /** Whether etcd starts is random. */
  'refused-at-some-starts',
  /** Whether etcd starts depends on what no file of it says. */
  'refused-on-some-hosts',
  /** etcd runs, as something else than a member. */
  'no-member',
  /** A release that is newer than the known ones may have the flag. */
  'refused-by-known-releases',
  'unknown-variable',
  'empty-variable',
  'ignored-beside-config-file',
  'unknown-key',
  'misplaced-key',
  'duplicate-section',
  'not-in-this-version',
  'without-effect',
  /** etcd runs with it and takes nothing that clients write. */
  'rejects-writes',
  'unparsable',
] as const;

export type SettingsProblemKind = (typeof settingsProblemKinds)[number];

export const problemValues = [
  /** The port's users: `client` or `peer`. */
  'listener',
  'url',
  /** Another URL, and which setting has it. */
  'other',
  'scheme',
  /** Another setting that is involved, without dashes. */
  'flag',
  'file',
  'section',
  'key',
  /** The known name that is most like the unknown one. */
  'nearest',
  /** In which versions a setting exists: `before 3.4.0`. */
  'lifetime',
  'line',
  'names',
  'client',
  /** `certificate` or `key`. */
  'missing',
  'object',
  /** What a parser of another make printed. */
  'error',
] as const;

/** What the words about a problem name. */
export type ProblemValues = Readonly<Partial<Record<(typeof problemValues)[number], string>>>;
