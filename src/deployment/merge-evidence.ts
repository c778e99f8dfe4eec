import { defined } from '../model/defined.ts';
import { InputError } from '../input-error.ts';
import type { DeploymentRequest } from '../model/deployment.ts';
import type { CollectedFacts, Evidence } from '../model/evidence.ts';
import type { FileFact } from '../model/files.ts';
import type { Inventory } from '../model/stated-inventory.ts';
import {
  filterLiveFacts,
  joinLiveFacts,
  type LiveFacts,
  liveFactsOf,
} from '../model/live-facts.ts';
import { relocate } from './relocate.ts';
import { statementsOf } from './statements.ts';

/** What decides between collections that say different things. */
interface MergeRequest extends DeploymentRequest {
  readonly inventoryFile?: string;
}

/**
 * What several collections saw, as one. With one host names stay as they are; with several, paths of
 * named hosts begin with the host: `node1:/etc/ssl/etcd/ca.pem`.
 */
export function mergeEvidence(
  collections: readonly Evidence[],
  request: MergeRequest = {},
): Evidence {
  const hosts = new Set(collections.filter(hasFiles).map(({ host }) => host));
  const apart = hosts.size > 1 ? collections.map(relocate) : collections;
  const [host] = hosts;
  const [only] = collections;
  const merged =
    only !== undefined && collections.length === 1
      ? only
      : {
          ...(hosts.size === 1 && host !== undefined && { host }),
          ...mergeFacts(apart, request.inventoryFile),
        };
  const stated = statementsOf(request, apart);
  return Object.keys(stated).length > 0 ? { ...merged, stated } : merged;
}

function mergeFacts(apart: readonly Evidence[], chosenInventory: string | undefined): Evidence {
  if (apart.length === 0) return { collectedAt: new Date(0).toISOString(), facts: {}, gaps: {} };
  const inventory = inventoryOf(apart, chosenInventory);
  const facts = apart.map((each) => each.facts);
  const seen = facts.flatMap((fact) => fact.hosts ?? []);
  const builds = unique(facts.flatMap((fact) => fact.builds ?? []));
  return {
    collectedAt:
      apart
        .map(({ collectedAt }) => collectedAt)
        .toSorted()
        .at(-1) ?? '',
    facts: {
      files: uniqueFiles(facts.flatMap(({ files = [] }) => files)),
      texts: [...new Set(facts.flatMap(({ texts = [] }) => texts))],
      directories: [...new Set(facts.flatMap(({ directories = [] }) => directories))],
      ...defined({ writeAheadLogs: logsOf(facts) }),
      settings: {
        members: unique(facts.flatMap(({ settings }) => settings?.members ?? [])),
        clients: unique(facts.flatMap(({ settings }) => settings?.clients ?? [])),
      },
      ...(seen.length > 0 && { hosts: seen }),
      ...(builds.length > 0 && { builds }),
      notUnderstood: unique(facts.flatMap(({ notUnderstood = [] }) => notUnderstood)),
      ...(inventory !== undefined && { inventory }),
      ignored: unique(facts.flatMap(({ ignored = [] }) => ignored)),
      ...observations(facts),
    },
    gaps: apart.reduce<Evidence['gaps']>((all, { gaps }) => ({ ...all, ...gaps }), {}),
  };
}

/** Unknown where any collection does not say. */
function logsOf(facts: readonly Partial<CollectedFacts>[]): readonly string[] | undefined {
  const all = facts.flatMap(({ writeAheadLogs }) => (writeAheadLogs ? [writeAheadLogs] : []));
  return all.length < facts.length ? undefined : [...new Set(all.flat())];
}

/** An inventory alone comes from no host. */
function hasFiles({ facts: { files = [], texts = [], endpoints = [] } }: Evidence): boolean {
  return files.length + texts.length + endpoints.length > 0;
}

/** The same file of the same host may come twice, as long as it says the same. */
function uniqueFiles(files: readonly FileFact[]): readonly FileFact[] {
  const byPath = new Map<string, FileFact>();
  for (const file of files) {
    const known = byPath.get(file.path);
    if (known !== undefined && contentOf(known) !== contentOf(file)) {
      throw new InputError(
        'EVIDENCE_CONFLICT',
        `${file.path} was given twice, with different content`,
        {
          hint: 'give evidence of a single moment for each host, with a different name for each host: node1=DIRECTORY or collect --host',
        },
      );
    }
    if (known === undefined) byPath.set(file.path, file);
  }
  return [...byPath.values()];
}

function contentOf({ blocks, revocationList, traps, unreadable }: FileFact): string {
  return JSON.stringify([blocks, revocationList, traps, unreadable]);
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function inventoryOf(
  collections: readonly Evidence[],
  chosen: string | undefined,
): Inventory | undefined {
  const found = collections.flatMap(({ facts }) => facts.inventory ?? []);
  const named = found.findLast(({ path }) => path === chosen?.replace(/^(?:\.\/)+/, ''));
  if (named !== undefined) return named;
  const [first, ...others] = found;
  const second = others.find((other) => withoutPlaces(other) !== withoutPlaces(first));
  if (second === undefined) return first;
  throw new InputError(
    'INVENTORY_MALFORMED',
    `two inventories: ${first?.path} and ${second.path}`,
    {
      hint: 'choose one with --inventory',
    },
  );
}

function withoutPlaces(inventory: Inventory | undefined): string {
  return JSON.stringify(inventory, (key, value: unknown) =>
    key === 'location' || key === 'path' ? undefined : value,
  );
}

/** Of an endpoint that was looked at twice, the later look counts. */
function observations(facts: readonly Partial<CollectedFacts>[]): Partial<LiveFacts> {
  const looked = facts.map(({ endpoints = [] }) => new Set(endpoints.map(placeOf)));
  return joinLiveFacts<Partial<LiveFacts>>(
    {},
    facts.map((fact, index) =>
      filterLiveFacts(
        liveFactsOf(fact),
        (seen) => !looked.slice(index + 1).some((later) => later.has(placeOf(seen))),
      ),
    ),
  );
}

function placeOf({ url, host = '' }: { readonly url: string; readonly host?: string }): string {
  return `${host} ${url}`;
}
