import { type Directive, isOn, lastOf } from '../../model/directives.ts';
import type { HostFact } from '../../model/host-facts.ts';
import type { Location } from '../../model/target.ts';

/** The account that a process runs as, by settings and the host. */
export type Account =
  /** Nothing says which. */
  | { readonly kind: 'unstated' }
  /** Opens every file. */
  | { readonly kind: 'root' }
  | ({ readonly kind: 'limited' } & LimitedAccount);

export interface LimitedAccount {
  /** As written, such as `User=etcd`. */
  readonly said: string;
  readonly location?: Location;
  /** `dynamic`: made up by systemd, and owner of nothing that was there before. */
  readonly uid?: number | 'dynamic';
  readonly groups: readonly number[];
  /** Whether these are all of its groups. */
  readonly knowsGroups: boolean;
  /** The group that a pod's volumes are given to. */
  readonly volumeGroup?: number;
}

/** What an account is worked out from. */
export interface AccountSource {
  readonly directives: readonly Directive[];
  readonly isContained: boolean;
  /** A unit of systemd that was given whole, and some images, run as root unless they say otherwise. */
  readonly isRootByDefault: boolean;
  /** The host that it runs on, where something was seen of it. */
  readonly host?: HostFact;
}

export function accountOf(source: AccountSource): Account {
  const { directives, isRootByDefault } = source;
  const user = lastOf(directives, 'User');
  const dynamic = lastOf(directives, 'DynamicUser');
  if (dynamic !== undefined && isOn(dynamic)) return dynamicAccount(dynamic, user, source);
  if (user === undefined) {
    return isRootByDefault ? rootAccount(undefined, source) : { kind: 'unstated' };
  }
  if (/^(?:root|0)$/.test(user.value)) return rootAccount(user, source);
  return namedAccount(user, source);
}

function namedAccount(user: Directive, source: AccountSource): Account {
  // Accounts of an image are not those of the host, but numbers are numbers.
  const known = source.isContained ? undefined : source.host?.users.find(isCalled(user.value));
  const uid = /^\d+$/.test(user.value) ? Number(user.value) : known?.uid;
  const own = ownGroups(source, known);
  return limited(user, source, { ...(uid !== undefined && { uid }), ...own });
}

function isCalled(name: string) {
  return (account: { readonly name: string; readonly uid?: number }): boolean =>
    account.name === name || (account.uid !== undefined && String(account.uid) === name);
}

/** A user of this name that exists is taken instead of one made up (systemd.exec(5), `DynamicUser=`). */
function dynamicAccount(
  dynamic: Directive,
  user: Directive | undefined,
  source: AccountSource,
): Account {
  const known = source.host?.users.find(isCalled(user?.value ?? ''));
  const own = ownGroups(source, known);
  if (known !== undefined && user !== undefined) {
    return limited(user, source, { uid: known.uid, ...own });
  }
  return limited(user ?? dynamic, source, { uid: 'dynamic', ...own, knowsGroups: true });
}

/** Without the capability to pass over permissions, root is an owner like any other. */
function rootAccount(user: Directive | undefined, source: AccountSource): Account {
  const bounding = lastOf(source.directives, 'CapabilityBoundingSet');
  if (bounding === undefined || keepsReading(bounding.value)) return { kind: 'root' };
  const own = { uid: 0, groups: [0, ...supplementary(source)], knowsGroups: true };
  return limited(user ?? bounding, source, own);
}

const passesOver = /\bCAP_DAC_(?:OVERRIDE|READ_SEARCH)\b/i;

/** Either of two capabilities is enough to read any file (capabilities(7)); `~` lists those that are lost. */
function keepsReading(value: string): boolean {
  if (!value.startsWith('~')) return passesOver.test(value);
  return !(/\bCAP_DAC_OVERRIDE\b/i.test(value) && /\bCAP_DAC_READ_SEARCH\b/i.test(value));
}

function limited(
  { name, value, location }: Directive,
  source: AccountSource,
  own: Pick<LimitedAccount, 'uid' | 'groups' | 'knowsGroups'>,
): Account {
  const ambient = lastOf(source.directives, 'AmbientCapabilities');
  if (ambient !== undefined && passesOver.test(ambient.value)) return { kind: 'root' };
  const volumeGroup = Number(lastOf(source.directives, 'FileSystemGroup')?.value ?? Number.NaN);
  return {
    kind: 'limited',
    said: `${name}=${value}`,
    ...(location !== undefined && { location }),
    ...own,
    ...(Number.isInteger(volumeGroup) && { volumeGroup }),
  };
}

function ownGroups(source: AccountSource, known: HostFact['users'][number] | undefined) {
  const group = lastOf(source.directives, 'Group');
  const stated = group === undefined ? undefined : groupId(group.value, source);
  const more = source.directives
    .filter(({ name }) => name === 'SupplementaryGroups')
    .flatMap(({ value }) => value.split(/\s+/));
  const ids = more.map((name) => groupId(name, source));
  const main = group === undefined ? known?.gid : stated;
  const isKnown = main !== undefined && ids.every((id) => id !== undefined);
  return {
    groups: [main, ...ids, ...(known?.groups ?? [])].filter((id) => id !== undefined),
    // An image may put its user into more groups.
    knowsGroups: isKnown && (known !== undefined || source.isContained),
  };
}

function supplementary(source: AccountSource): readonly number[] {
  return ownGroups(source, undefined).groups;
}

function groupId(name: string, { host, isContained }: AccountSource): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  if (name === 'root') return 0;
  return isContained ? undefined : host?.groups.find(isCalled(name))?.gid;
}
