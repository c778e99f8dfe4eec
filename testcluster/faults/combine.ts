import type { Node } from '../nodes.ts';
import type { ClientsPlan, MemberPlan } from '../plan.ts';
import type { LeafRecipe } from '../recipe.ts';
import type { Changes, Fault, Variables } from './fault.ts';

/** Several faults at once, in the order given: later ones win where two change the same thing. */
export function combined(faults: readonly Fault[]): Fault {
  const members = faults.some((fault) => fault.members === 3) ? 3 : 1;
  const since = latest(faults.flatMap((fault) => fault.since ?? []));
  return {
    name: faults.map(({ name }) => name).join('+'),
    what: faults.map(({ what }) => what).join('; and '),
    members,
    changes: faults.map(({ changes }) => changes).reduce(merged),
    ...(since === undefined ? {} : { since }),
  };
}

function merged(one: Changes, other: Changes): Changes {
  return {
    ...one,
    ...other,
    authorities: { ...one.authorities, ...other.authorities },
    leaves: mergedLeaves(one.leaves, other.leaves),
    files: { ...one.files, ...other.files },
    environment: mergedVariables(one.environment, other.environment),
    everywhere: mergedVariables(one.everywhere, other.everywhere),
    clients: mergedClients(one.clients, other.clients),
  };
}

function mergedLeaves(
  one: Changes['leaves'] = {},
  other: Changes['leaves'] = {},
): Readonly<Record<string, Partial<LeafRecipe>>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, { ...one[name], ...other[name] }]));
}

function mergedVariables(one: Variables = {}, other: Variables = {}): Variables {
  // Kept as they are where possible: their names say what the fault changes.
  return typeof one === 'function' || typeof other === 'function'
    ? (node) => ({ ...valuesOf(one, node), ...valuesOf(other, node) })
    : { ...one, ...other };
}

function valuesOf(variables: Variables, node: Node): MemberPlan['environment'] {
  return typeof variables === 'function' ? variables(node) : variables;
}

function mergedClients(
  one: Partial<ClientsPlan> = {},
  other: Partial<ClientsPlan> = {},
): Partial<ClientsPlan> {
  return {
    ...one,
    ...other,
    etcdctlFiles: { ...one.etcdctlFiles, ...other.etcdctlFiles },
  };
}

function latest(versions: readonly string[]): string | undefined {
  return versions
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}
