import type { Scope } from '../model/report.ts';
import type { Parties } from './settle.ts';

/** What there is to judge: a cluster, some of its members, certificates alone, or one client. */
export function scopeOf({ members = [] }: Parties, isClientAlone: boolean): Scope {
  const excerpts = members.flatMap(({ excerpts: files = [] }) => files);
  const described = members.filter(({ known }) => known === 'settings');
  const missing = members.filter((member) => !described.includes(member)).map(({ name }) => name);
  const base = { missing, excerpts: [...new Set(excerpts)] };
  if (isClientAlone) return { kind: 'client', missing: [], excerpts: [] };
  if (described.length === 0) return { kind: 'certificates', missing: [], excerpts: [] };
  return { kind: missing.length > 0 ? 'members' : 'cluster', ...base };
}
