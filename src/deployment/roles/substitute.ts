import type { DocumentNode, SettingsSource } from '../../model/settings.ts';

/** Words in the path of one member's file and what replaces them in another's. */
export type Substitution = readonly (readonly [from: string, to: string])[];

/**
 * How two paths differ, as whole words: `node_1_cert.pem` and `node_2_cert.pem` by `1` and `2`.
 *
 * Undefined when they are alike, or when they do not have the same number of directories.
 */
export function differenceOf(left: string, right: string): Substitution | undefined {
  const from = left.split('/');
  const to = right.split('/');
  if (from.length !== to.length || left === right) return undefined;
  return from.flatMap((segment, index) => {
    const other = to[index] ?? '';
    return segment === other ? [] : [differingWord(segment, other)];
  });
}

function differingWord(left: string, right: string): readonly [string, string] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left.at(-1 - end) === right.at(-1 - end)) end += 1;

  while (start > 0 && isWord(left[start - 1])) start -= 1;
  while (end > 0 && isWord(left.at(-end))) end -= 1;
  return [left.slice(start, left.length - end), right.slice(start, right.length - end)];
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9]/.test(character);
}

/** Replaces whole words only. */
export function substitute(text: string, substitution: Substitution): string {
  return substitution.reduce((changed, [from, to]) => replaceWord(changed, from, to), text);
}

function replaceWord(text: string, from: string, to: string): string {
  if (from === '') return text;
  const literal = from.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return text.replaceAll(new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`, 'g'), () => to);
}

/** The same sources with every value changed, but for `initial-cluster`, which is the same for all members. */
export function mapSources(
  sources: readonly SettingsSource[],
  change: (text: string) => string,
): readonly SettingsSource[] {
  return sources.map((source) => mapSource(source, change));
}

function mapSource(source: SettingsSource, change: (text: string) => string): SettingsSource {
  switch (source.kind) {
    case 'flags':
      return {
        ...source,
        arguments: source.arguments.map((argument, index, all) => {
          const isShared =
            /^--?initial-cluster=/.test(argument.text) ||
            /^--?initial-cluster$/.test(all[index - 1]?.text ?? '');
          return isShared ? argument : { ...argument, text: change(argument.text) };
        }),
      };
    case 'environment':
      return {
        ...source,
        variables: source.variables.map((variable) =>
          variable.name === 'ETCD_INITIAL_CLUSTER'
            ? variable
            : { ...variable, value: change(variable.value) },
        ),
      };
    case 'config-file':
      return source.document === undefined
        ? source
        : { ...source, document: mapDocument(source.document, change) };
    case 'assumed':
      return source;
  }
}

function mapDocument(node: DocumentNode, change: (text: string) => string): DocumentNode {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' ? { ...node, value: change(node.value) } : node;
    case 'list':
      return { ...node, items: node.items.map((item) => mapDocument(item, change)) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) =>
          entry.key === 'initial-cluster'
            ? entry
            : { ...entry, value: mapDocument(entry.value, change) },
        ),
      };
  }
}
