import { InputError } from '../input-error.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Setting } from '../model/settings.ts';
import { gather, type Material } from './gather.ts';
import type { InventoryValue } from './inventory/inventory.ts';
import type { LiveOptions, ObservedVersions } from './observe-live.ts';
import { givenPaths, type PathMap } from '../deployment/roles/match-files.ts';
import type { GivenVersions } from '../deployment/roles/plan.ts';
import { fromInventory } from '../deployment/roles/plan-from-inventory.ts';
import { readRoles, type Roles } from '../deployment/roles/read-roles.ts';

export type { LiveOptions } from './observe-live.ts';

/** What to look at. */
export interface AuditRequest {
  /** Files and directories; `-` is standard input. */
  readonly paths: readonly string[];
  /** An `etcd-tls.yaml` among the paths is found by itself. */
  readonly inventoryFile?: string;
  /** Where deployed paths are here. */
  readonly maps: readonly PathMap[];
  /** DNS answers to take as given: a name and an address, or an address and a name. */
  readonly resolve?: readonly { readonly name: string; readonly address: string }[];
  readonly etcdVersion?: string;
  readonly goVersion?: string;
  /** ISO 8601: the moment to judge for, instead of now. */
  readonly at?: string;
  /** Look at the running cluster too. */
  readonly live?: LiveOptions;
}

/** Reads the files, works out who is who, and looks at the running cluster where that is asked for. */
export async function collect(request: AuditRequest): Promise<Evidence> {
  const material = await gather(request);
  const evidence = await observe(material, request);
  const preferences = material.inventory?.config ?? {};
  return Object.keys(preferences).length === 0 ? evidence : { ...evidence, preferences };
}

async function observe(material: Material, request: AuditRequest): Promise<Evidence> {
  const collectedAt = request.at ?? new Date().toISOString();
  const roles = conclude(material, request);
  if (request.live === undefined) {
    refuseNothing(material, roles, request);
    return evidenceOf(material, roles, collectedAt);
  }

  const { observeLive } = await import('./observe-live.ts');
  const { facts, gaps, versions } = await observeLive(request.live, roles);
  // What the running processes say of themselves replaces what was supposed of them.
  const known = versions.size === 0 ? roles : conclude(material, request, versions);
  const offline = evidenceOf(material, known, collectedAt);
  return {
    collectedAt,
    facts: { ...offline.facts, ...facts },
    gaps: { ...offline.gaps, ...gaps },
  };
}

function conclude(material: Material, request: AuditRequest, observed?: ObservedVersions): Roles {
  const { files, texts, drafts, inventory } = material;
  const paths = [...files, ...texts].map(({ path }) => path);
  const keys = files.filter(({ blocks }) => blocks.some(({ kind }) => kind === 'key'));
  const versions = givenVersions(request, material);
  return readRoles({
    files,
    drafts,
    given: givenPaths(
      paths,
      material.maps,
      keys.map(({ path }) => path),
    ),
    versions: { ...versions, ...(observed !== undefined && { observed }) },
    dns: dnsAnswers(request, material),
    ...(inventory !== undefined && { inventory }),
  });
}

function givenVersions(request: AuditRequest, { inventory }: Material): GivenVersions {
  const etcd = option('--etcd-version', request.etcdVersion) ?? listed(inventory?.etcdVersion);
  const go = option('--go-version', request.goVersion) ?? listed(inventory?.goVersion);
  return { ...(etcd !== undefined && { etcd }), ...(go !== undefined && { go }) };
}

function option(name: string, value: string | undefined): Setting<string> | undefined {
  if (value === undefined) return undefined;
  return { value: value.replace(/^(?:v|go)/, ''), origin: { via: 'flag', name } };
}

function listed(value: InventoryValue | undefined): Setting<string> | undefined {
  return value === undefined ? undefined : fromInventory(value);
}

function dnsAnswers({ resolve = [] }: AuditRequest, { inventory }: Material) {
  const answers = new Map(Object.entries(inventory?.dns ?? {}));
  for (const { name, address } of resolve) {
    answers.set(name, [...(answers.get(name) ?? []), address]);
  }
  return answers;
}

/** A run that looked at nothing must not end as if all were well. */
function refuseNothing(
  { files, notUnderstood }: Material,
  { members, clients }: Roles,
  { paths }: AuditRequest,
): void {
  const hasContent = files.some(
    ({ blocks, revocationList, unreadable }) =>
      blocks.length > 0 || revocationList !== undefined || unreadable !== undefined,
  );
  const found = [members, clients, notUnderstood];
  if (hasContent || found.some(({ length }) => length > 0)) return;

  const [junk] = files;
  const trap = junk?.traps[0];
  throw new InputError(
    'NOTHING_FOUND',
    `no certificate, key, CRL or etcd settings in ${paths.join(', ')}`,
    {
      hint:
        junk === undefined || trap === undefined
          ? 'name the directory that holds them, such as /etc/kubernetes/pki/etcd or /etc/ssl/etcd'
          : `${junk.path}: ${trap.detail}`,
    },
  );
}

function evidenceOf(material: Material, roles: Roles, collectedAt: string): Evidence {
  const { files, notUnderstood } = material;
  const { members, clients, guesses, gap } = roles;
  const who = gap === undefined ? { members, clients } : { clients };
  return {
    collectedAt,
    facts: { files, ...who, guesses, notUnderstood },
    gaps: gap === undefined ? {} : { members: gap },
  };
}
