import type { Supposition } from '../../etcd/release-range.ts';
import type {
  BareProbe,
  Container,
  Mount,
  ProcessNetwork,
  RequestedName,
} from '../../model/draft.ts';
import type { FileMatch } from '../../model/inventory.ts';
import type { EnvironmentVariable, Origin, Setting, SettingsSource } from '../../model/settings.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { Location } from '../../model/target.ts';
import type { ObservedVersions } from '../observed-versions.ts';

/** A member before its settings are read: where they come from and what else is known of it. */
export interface MemberPlan {
  readonly name: string;
  readonly origin: Location;
  /** The host whose evidence describes it, where there are several. */
  readonly host?: string;
  readonly sources: readonly SettingsSource[];
  /** True when what the sources leave open is not etcd's default but unknown. */
  readonly partial: boolean;
  readonly mounts: readonly Mount[];
  /** The form in which its settings are written, where there is one. */
  readonly kind?: string;
  /** What is said of the process itself, in the words of systemd.exec(5). */
  readonly directives?: readonly EnvironmentVariable[];
  readonly container?: Container;
  /** The directory that it starts in, where that is known. */
  readonly directory?: string;
  /** What keeps its starter from starting it, next to what etcd itself refuses. */
  readonly problems?: Problems;
  readonly network?: ProcessNetwork;
  readonly bareProbes?: readonly BareProbe[];
  readonly unseenPrograms?: readonly string[];
  readonly untried?: readonly string[];
  readonly optional?: readonly string[];
  readonly requestedNames?: readonly RequestedName[];
  /** Set for a process that was seen running. */
  readonly runs?: true;
  readonly addresses: readonly string[];
  readonly hostnames: readonly string[];
  readonly reverseNames?: Readonly<Record<string, readonly string[]>>;
  /** Set where ports may be published under other numbers. */
  readonly mayBeMapped?: true;
  readonly etcdVersion?: Setting<string>;
  readonly goVersion?: Setting<string>;
  /** Known pairs of deployed paths and given files; they win over any search. */
  readonly matches: readonly FileMatch[];
  /** The true origin of assumed settings, by the reason given for assuming them. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The cluster that the inventory lists it in, where it lists several. */
  readonly cluster?: string;
  /** Set when the inventory says that its entry is a guess. */
  readonly guessed?: true;
  /** Set when another member or the running cluster names it and no file of its own was given. */
  readonly known?: 'named' | 'listed';
  /** Set when all settings are supposed to be like another member's: whose. */
  readonly likeMember?: string;
}

/** Versions that hold for every member that says nothing else. */
export interface GivenVersions {
  readonly etcd?: Setting<string>;
  readonly go?: Setting<string>;
  /** Where nothing says which release runs. */
  readonly supposed?: Supposition;
  /** What running members say of themselves, by member name; less than what the operator gives. */
  readonly observed?: ObservedVersions;
}
