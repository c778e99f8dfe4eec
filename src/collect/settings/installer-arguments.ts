import type { UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { flagNamed } from '../../etcd/flags.ts';
import { at, entriesOf, itemsOf, textOf } from './document.ts';

/** What an installer's configuration passes on to etcd in addition to its own settings, which were not given. */
export function argumentsIn(document: DocumentNode): readonly UnreadText[] {
  return settingsIn(document).map(({ tool, name, node }) => unreadSetting(tool, name, node));
}

interface Place {
  readonly tool: string;
  readonly name: string;
  readonly node: DocumentNode;
}

function settingsIn(document: DocumentNode): readonly Place[] {
  const lists = ['etcd-arg', 'etcd-arg+'].flatMap((key) => {
    const node = at(document, key);
    return node === undefined ? [] : node.kind === 'list' ? itemsOf(node) : [node];
  });
  const metrics = at(document, 'etcd-expose-metrics');
  return [
    ...argumentsBelow(document, []),
    ...lists.map((node) => ({ tool: 'k3s', name: nameOf(textOf(node) ?? ''), node })),
    ...(textOf(metrics) === 'true' && metrics !== undefined
      ? [{ tool: 'k3s', name: 'listen-metrics-urls', node: metrics }]
      : []),
  ];
}

const argumentKeys = /^(?:extraArgs|rawArgs|extra_args|extra_args_array)$/;

/** By the keys above the section. */
const tools: readonly (readonly [above: RegExp, tool: string])[] = [
  [/^cluster etcd$/, 'Talos'],
  [/^spec storage etcd$/, 'k0s'],
  [/^services etcd$/, 'RKE'],
  [/etcd local$/, 'kubeadm'],
];

/** The arguments in every section of etcd, however deep another object holds it. */
function argumentsBelow(node: DocumentNode, path: readonly string[]): readonly Place[] {
  return [
    ...itemsOf(node).flatMap((item) => argumentsBelow(item, path)),
    ...entriesOf(node).flatMap(({ key, value }) => {
      if (!argumentKeys.test(key) || !path.slice(-2).includes('etcd')) {
        return argumentsBelow(value, [...path, key]);
      }
      const above = path.join(' ');
      const tool = tools.find(([pattern]) => pattern.test(above))?.[1] ?? 'the installer';
      return extraArguments(value).map((each) => ({ ...each, tool }));
    }),
  ];
}

/** A map, from kubeadm's v1beta4 on a list of names and values, with k0s also a list of flags. */
function extraArguments(node: DocumentNode | undefined): readonly Omit<Place, 'tool'>[] {
  return [
    ...entriesOf(node).map(({ key, value }) => ({ name: key, node: value })),
    ...itemsOf(node).map((item) => ({
      name: textOf(at(item, 'name')) ?? nameOf(textOf(item) ?? ''),
      node: item,
    })),
  ];
}

function nameOf(argument: string): string {
  return /^-{0,2}([\w-]+)/.exec(argument)?.[1] ?? '';
}

function unreadSetting(tool: string, name: string, { location }: DocumentNode): UnreadText {
  const flag = flagNamed(name) === undefined ? 'a flag' : `--${name}`;
  const reason = `${tool} passes ${flag} to etcd, in addition to settings of its own that were not given`;
  return {
    path: location.file,
    ...(location.line !== undefined && { line: location.line }),
    reason,
  };
}
