import { largest } from '../../model/extremes.ts';
import type { MemberDraft, RequestedName } from '../../model/draft.ts';
import type { AssumedSetting, LocatedText, SettingsSource } from '../../model/settings.ts';
import { type DraftedMember, memberDraft, processList } from './member-draft.ts';
import type { Process } from './process.ts';
import type { SettingsContext } from './settings-context.ts';
import { settle } from './unresolved.ts';

/** An etcd that a tool starts with settings of its own making, next to those in the tool's configuration. */
export interface Generated {
  readonly process: Process;
  /** What the configuration states, where the tool does not pass it on as flags. */
  readonly source?: SettingsSource;
  /** What the tool sets where its configuration says nothing else, by flag. */
  readonly values: Readonly<Record<string, string>>;
  /** What it asks for in the certificates that the tool issues. */
  readonly requestedNames?: readonly RequestedName[];
  /** Who sets them. */
  readonly tool: string;
  /** Whether that is the process as the tool wrote it: then it runs with exactly that. */
  readonly isWritten: (member: MemberDraft) => boolean;
}

export async function generatedMember({
  process,
  source,
  values,
  requestedNames = [],
  tool,
  isWritten,
}: Generated): Promise<DraftedMember> {
  const { member, open } = await memberDraft(process, { find: () => undefined });
  const settled =
    source === undefined ? { sources: [], open: [] } : settle([source], process.origin);
  const because = `${tool} gives this value to etcd`;
  const settings = Object.entries(values).map(([name, value]): AssumedSetting => ({
    name,
    value,
    because,
  }));
  const openHere = [...open, ...settled.open];
  return {
    member: {
      ...member,
      sources: [...member.sources, ...settled.sources, { kind: 'assumed', settings }],
      partial: member.partial || openHere.length > 0,
      ...(requestedNames.length > 0 && { requestedNames }),
    },
    open: openHere,
    isWritten,
  };
}

/** `--name=value`, at the place of the value. */
export function flagWord(name: string, { text, location }: LocatedText): LocatedText {
  return { text: `--${name}=${text}`, ...(location && { location }) };
}

/** Members without those whose settings a tool has written down, which run with what it wrote. */
export function withoutSuperseded(drafted: readonly DraftedMember[]): {
  readonly kept: readonly DraftedMember[];
  /** Files of those that are left out. */
  readonly read: readonly string[];
} {
  const written = drafted.filter(({ isWritten }) => isWritten === undefined);
  const superseding = new Map<DraftedMember, DraftedMember[]>();
  const kept = drafted.filter((draft) => {
    const { isWritten } = draft;
    const all = written.filter(({ member }) => isWritten?.(member) === true);
    const near = all.map((each) => nearness(each, draft.member.origin.file));
    const nearest = all.filter((_, index) => near[index] === largest(near));
    for (const by of nearest) superseding.set(by, [...(superseding.get(by) ?? []), draft]);
    return nearest.length === 0;
  });
  return {
    kept: kept.map((draft) => withPlaces(draft, superseding.get(draft))),
    read: [...superseding.values()].flat().flatMap(({ member }) => member.files),
  };
}

function nearness({ member }: DraftedMember, file: string): number {
  return sharedDirectories(member.origin.file, file);
}

function withPlaces(draft: DraftedMember, others: readonly DraftedMember[] = []): DraftedMember {
  if (others.length === 0) return draft;
  const runs = others.some(({ member }) => member.runs) && { runs: true as const };
  const superseded = others.flatMap(({ member: { kind, origin } }) =>
    kind === processList ? [] : [origin],
  );
  const requestedNames = others.flatMap(({ member }) => member.requestedNames ?? []);
  const names = requestedNames.length > 0 && { requestedNames };
  const places = superseded.length > 0 && { superseded };
  return { ...draft, member: { ...draft.member, ...places, ...names, ...runs } };
}

/** Whether a configuration that names no machine may be that of several: files that it leads to are as near to it. */
export function isOfSeveral(
  deployed: string,
  configuration: string,
  { files = [] }: SettingsContext,
): boolean {
  const found = files.filter((path) => `/${path}`.endsWith(deployed));
  const shared = found.map((path) => sharedDirectories(path, configuration));
  const most = largest(shared);
  return shared.filter((count) => count === most).length > 1;
}

function sharedDirectories(one: string, other: string): number {
  const own = one.split('/').slice(0, -1);
  const others = other.split('/').slice(0, -1);
  const end = own.findIndex((name, index) => name !== others[index]);
  return end < 0 ? own.length : end;
}
