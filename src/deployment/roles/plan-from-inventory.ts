import type { Guess } from '../../model/inventory.ts';
import type { AssumedSetting, Origin, Setting } from '../../model/settings.ts';
import type { Inventory, InventoryMember, InventoryValue } from '../../model/stated-inventory.ts';
import { ownHosts, type RoleReading } from './assign-roles.ts';
import { onHost } from '../relocate.ts';
import type { Surroundings } from './build-member.ts';
import type { MemberPlan } from './plan.ts';
import { supposeMembers } from './suppose-members.ts';

export interface InventoryPlans {
  readonly plans: readonly MemberPlan[];
  readonly guesses: readonly Guess[];
}

/** What the inventory's members are compared with. */
export interface Known {
  readonly readings: readonly RoleReading[];
  readonly around: Surroundings;
}

/**
 * Lays the inventory over what settings files say: files win where both speak, the inventory fills
 * what they leave open. Members that only files know of are kept and reported.
 */
export function planFromInventory(
  inventory: Inventory | undefined,
  drafted: readonly MemberPlan[],
  known: Known,
): InventoryPlans {
  if (inventory === undefined || inventory.members.length === 0)
    return { plans: drafted, guesses: [] };

  const used = new Set<MemberPlan>();
  const plans = inventory.members.map((member) => {
    const candidates = drafted.filter((plan) => !used.has(plan) && describes(plan, member));
    const draft = candidates.find(({ name }) => name === member.name) ?? candidates[0];
    if (draft !== undefined) used.add(draft);
    return overlay(member, draft ?? withoutSettings(member, known));
  });
  const unlisted = drafted.filter((plan) => !used.has(plan));
  return {
    plans: [...plans, ...unlisted],
    guesses: unlisted.map(({ name, origin }) => ({
      about: name,
      conclusion: 'member that is not in the inventory',
      because: `${origin.file} describes it, but ${inventory.path} does not`,
      ambiguous: true,
    })),
  };
}

function describes({ name, origin, host }: MemberPlan, member: InventoryMember): boolean {
  if (member.settings.length === 0) return name === member.name;
  if (member.settings.includes(origin.file)) return true;
  // Where the files of several hosts were put together, each has a path of its own on its host.
  return (
    name === member.name &&
    host !== undefined &&
    member.settings.some((path) => onHost(host, path) === origin.file)
  );
}

/** A member with flags has etcd's defaults for the rest; one without any is taken to be sound. */
function withoutSettings(member: InventoryMember, { readings, around }: Known): MemberPlan {
  const { name, location, flags } = member;
  const empty: MemberPlan = {
    name,
    origin: location,
    sources: [],
    partial: true,
    mounts: [],
    addresses: [],
    hostnames: [],
    matches: [],
    origins: new Map(),
  };
  if (flags.some((flag) => /(?:cert-file|auto-tls)$/.test(flag.name))) return empty;
  const hosts = new Set([name, ...member.addresses, ...member.hostnames]);
  const own = readings.filter(
    ({ role, credential }) =>
      role !== 'client' && ownHosts(credential).some((host) => hosts.has(host)),
  );
  const clients = readings.filter(({ role }) => role === 'client');
  const [supposed] = supposeMembers([...own, ...clients], around.set);
  return supposed === undefined ? empty : { ...supposed.plan, name };
}

function overlay(member: InventoryMember, plan: MemberPlan): MemberPlan {
  const origins = new Map<string, Origin>(plan.origins);
  const settings = member.flags.map(({ name, value, location }): AssumedSetting => {
    const because = `${location.file}:${location.line ?? 1}:${location.column ?? 1} says so`;
    origins.set(because, { via: 'inventory', location, name });
    return { name, value, because };
  });
  const files = Object.entries(member.files).map(([deployed, file]) => ({
    deployed,
    file,
    because: `${member.location.file} says so`,
  }));
  const { etcdVersion, goVersion, reverseNames } = member;
  return {
    ...plan,
    name: member.name,
    ...(member.cluster !== undefined && { cluster: member.cluster }),
    ...(member.guessed === true && { guessed: true }),
    sources: [{ kind: 'assumed', settings }, ...plan.sources],
    matches: [...files, ...plan.matches],
    addresses: [...member.addresses, ...plan.addresses],
    hostnames: [...member.hostnames, ...plan.hostnames],
    origins,
    ...(reverseNames !== undefined && { reverseNames }),
    ...(etcdVersion !== undefined && { etcdVersion: fromInventory(etcdVersion) }),
    ...(goVersion !== undefined && { goVersion: fromInventory(goVersion) }),
  };
}

/** A value as written in the inventory, with its place. */
export function fromInventory({ value, location }: InventoryValue): Setting<string> {
  return { value, origin: { via: 'inventory', location } };
}
