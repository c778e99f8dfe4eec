import { table } from './table.ts';

/** Ids of checks in release 0.1.0, and what they are called since. Waivers, baselines and alerts hold ids for years. */
export const renamedChecks = table({
  'client-dials-name-in-no-certificate': 'client-endpoint-not-in-certificate',
  'client-dials-no-member': 'client-endpoint-not-a-member',
  'client-dials-plaintext': 'client-endpoint-without-tls',
  'gateway-self-dial-fails': 'gateway-connection-rejected',
});

/** The id that a check has now. */
export function currentId(id: string): string {
  return renamedChecks[id] ?? id;
}

/** The name that a target of release 0.1.0 has now: a member's connection to itself was `self NAME -> URL`. */
export function currentTarget(name: string): string {
  return name.replace(/^self (.+) -> (\S+)$/s, '$1 to itself ($2)');
}

/** The ids that a check had. */
export function formerIds(id: string): readonly string[] {
  return Object.keys(renamedChecks).filter((former) => renamedChecks[former] === id);
}
