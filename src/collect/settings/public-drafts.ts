import {
  goSectionNames,
  sectionKeyNames,
  sectionNames,
  topLevelKey,
} from '../../etcd/config-keys.ts';
import { flagNamed, flagOfVariable } from '../../etcd/flags.ts';
import { isReadByGo } from '../../etcd/process-environment.ts';
import { etcdVersion } from '../../etcd/version.ts';
import type { MemberDraft, SettingsDrafts } from '../../model/draft.ts';
import { publicData } from '../../model/public-text.ts';
import type {
  DocumentEntry,
  DocumentNode,
  EnvironmentVariable,
  LocatedText,
  SettingsSource,
} from '../../model/settings.ts';

/** Replaces a value that must not leave the process, or that nothing reads. */
const withheld = '(withheld)';

/** Keys of values that name files; a file is known by its path everywhere else. */
const paths = new Set(['file', 'files', 'missingFiles', 'path']);

/**
 * The part of settings files that may leave the process: names and values of the settings that etcd, Go
 * and the clients know; unknown names without values; no key, no password, no PEM.
 */
export function publicDrafts(drafts: SettingsDrafts): SettingsDrafts {
  const { members, clients, notUnderstood } = drafts;
  const named = members.map(withKnownSettings);
  const bare = clients.map((client) => ({
    ...client,
    embedded: client.embedded.map(({ path }) => ({ path, text: '' })),
  }));
  const embedded = drafts.embedded.map(({ path }) => ({ path, text: '' }));
  return publicData({ members: named, clients: bare, notUnderstood, embedded }, paths);
}

function withKnownSettings(member: MemberDraft): MemberDraft {
  return { ...member, sources: member.sources.map(withKnownNames) };
}

function withKnownNames(source: SettingsSource): SettingsSource {
  switch (source.kind) {
    case 'flags':
      return { ...source, arguments: source.arguments.map(knownFlag) };
    case 'environment':
      return { ...source, variables: source.variables.map(knownVariable) };
    case 'config-file':
      return source.document === undefined
        ? source
        : { ...source, document: knownKeys(source.document, isTopLevel) };
    case 'assumed':
      return source;
  }
}

/** `--unknown=value`, and every word that is not the value of a flag that is known. */
function knownFlag(argument: LocatedText, index: number, all: readonly LocatedText[]): LocatedText {
  const [, dashed = '', name, value = ''] = /^(--?([^=]+)=?)(.*)$/s.exec(argument.text) ?? [];
  if (name === undefined)
    return isValueOf(all[index - 1]) ? argument : { ...argument, text: withheld };
  return value === '' || isFlag(name) ? argument : { ...argument, text: `${dashed}${withheld}` };
}

/** Whether the word after this one is the value of a flag that is known. */
function isValueOf(argument: LocatedText | undefined): boolean {
  const name = /^--?([^=]+)$/.exec(argument?.text ?? '')?.[1];
  const flag = name === undefined ? undefined : flagNamed(name);
  return flag !== undefined && flag.kind !== 'boolean';
}

function isFlag(name: string): boolean {
  return flagNamed(name) !== undefined;
}

function knownVariable(variable: EnvironmentVariable): EnvironmentVariable {
  const { name, value } = variable;
  const isKnown = flagOfVariable(name) !== undefined || isReadByGo(name);
  return isKnown || value === '' ? variable : { ...variable, value: withheld };
}

const newest = etcdVersion('main');
const sections = new Set([...Object.keys(sectionNames), ...Object.keys(goSectionNames)]);

function isTopLevel(name: string): boolean {
  return flagNamed(name) !== undefined || topLevelKey(name, newest) !== undefined;
}

/** Go's decoder takes keys in any case, and in the Go sections by the names of Go's fields. */
function isInSection(name: string): boolean {
  return sectionKeyNames.some((key) => key.replaceAll('-', '') === name.replaceAll('-', ''));
}

function knownKeys(node: DocumentNode, isKnown: (name: string) => boolean): DocumentNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.map((entry): DocumentEntry => {
    const name = entry.key.toLowerCase();
    if (sections.has(name)) return { ...entry, value: knownKeys(entry.value, isInSection) };
    return isKnown(name) ? entry : { ...entry, value: withoutValues(entry.value) };
  });
  return { ...node, entries };
}

function withoutValues(node: DocumentNode): DocumentNode {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.value !== ''
        ? { ...node, value: withheld }
        : node;
    case 'list':
      return { ...node, items: node.items.map(withoutValues) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({ ...entry, value: withoutValues(entry.value) })),
      };
  }
}
