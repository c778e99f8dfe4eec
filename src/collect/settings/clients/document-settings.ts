import { wordSet } from '../../../model/table.ts';
import { defined } from '../../../model/defined.ts';
import type { ClientDraft, TextFile } from '../../../model/draft.ts';
import type { DocumentNode, Origin, Setting } from '../../../model/settings.ts';
import { at, itemsOf, textOf } from '../document.ts';
import { mixedSchemes, splitList } from './client-settings.ts';
import type { Problems } from '../../../model/settings-problem.ts';

/** A value under a path of keys, with its place; an empty one is none. */
export function settingAt(
  node: DocumentNode | undefined,
  ...keys: readonly string[]
): Setting<string> | undefined {
  const found = at(node, ...keys);
  const value = textOf(found);
  if (found === undefined || value === undefined || value === '') return undefined;
  return { value, origin: originOf(found, keys) };
}

function originOf({ location }: DocumentNode, keys: readonly string[]): Origin {
  return { via: 'config-file', name: keys.join('.'), location };
}

export function switchAt(
  node: DocumentNode | undefined,
  ...keys: readonly string[]
): Setting<boolean> | undefined {
  const setting = settingAt(node, ...keys);
  return setting === undefined ? undefined : { value: isOn(setting.value), origin: setting.origin };
}

const affirmations = wordSet('1 on true yes');

export function isOn(text: string): boolean {
  return affirmations.has(text.toLowerCase());
}

/** A list, or a text with commas between its items. */
export function listAt(
  node: DocumentNode | undefined,
  ...keys: readonly string[]
): Setting<readonly string[]> | undefined {
  const found = at(node, ...keys);
  if (found?.kind !== 'list') {
    const text = settingAt(node, ...keys);
    return text === undefined ? undefined : splitList(text);
  }
  const value = itemsOf(found).flatMap((item) => textOf(item) ?? []);
  return { value, origin: originOf(found, keys) };
}

/** The parts of a client that a document sets; what is undefined is left out. */
export interface ClientParts {
  readonly kind: string;
  readonly name?: string;
  readonly endpoints: Setting<readonly string[]>;
  readonly discoverySrv?: Setting<string>;
  readonly proxies?: Setting<string>;
  readonly caFile?: Setting<string> | undefined;
  readonly certFile?: Setting<string> | undefined;
  readonly keyFile?: Setting<string> | undefined;
  readonly serverName?: Setting<string> | undefined;
  readonly insecureSkipVerify?: Setting<boolean> | undefined;
  readonly isOfEtcd?: false;
  readonly verifier?: ClientDraft['verifier'];
  readonly speaks?: ClientDraft['speaks'];
  readonly problems?: Problems;
  readonly embedded?: readonly TextFile[];
}

/** A client that speaks gRPC and verifies as Go does, unless its parts say otherwise. */
export function clientFrom(parts: ClientParts, file: string): ClientDraft {
  const { name = parts.kind, verifier = 'go', speaks = 'grpc', endpoints } = parts;
  return defined({
    ...parts,
    name,
    verifier,
    speaks,
    mounts: [],
    origin: endpoints.origin.location ?? { file },
    problems: [...(parts.problems ?? []), ...mixedSchemes({ endpoints, speaks })],
    embedded: parts.embedded ?? [],
  });
}
