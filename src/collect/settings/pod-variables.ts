import type { Problems } from '../../model/settings-problem.ts';
import type { DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { at, entriesOf, itemsOf, textOf } from './document.ts';
import { type HeldEncoding, heldValue } from './held-values.ts';
import { nameOf } from './kubernetes-objects.ts';
import type { ShellVariable } from './shell/run.ts';

/** Values of a ConfigMap or Secret by key; undefined where something else fills them in. */
export type Holder = ReadonlyMap<
  string,
  { readonly value: string | undefined; readonly node: DocumentNode }
>;

export function holderOf(object: DocumentNode): readonly (readonly [string, Holder])[] {
  const { kind, name, namespace } = nameOf(object);
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  const plain = entriesOf(at(object, kind === 'Secret' ? 'stringData' : 'data'));
  const packed = kind === 'Secret' ? entriesOf(at(object, 'data')) : [];
  const valuesOf = (entries: typeof plain, encoding: HeldEncoding) =>
    entries.map(
      ({ key, value }) =>
        [key, { value: heldValue(value, encoding)?.toString(), node: value }] as const,
    );
  const values = [...valuesOf(packed, 'base64'), ...valuesOf(plain, 'utf8')];
  return [[`${kind}/${namespace}/${name}`, new Map(values)]];
}

/** What the variables of a container may be taken from. */
interface Source {
  readonly name: string;
  readonly namespace: string;
  /** False where the command that creates the object chooses its namespace. */
  readonly isNamespaceStated: boolean;
  readonly labels: DocumentNode | undefined;
  readonly hostname?: string;
  readonly holders: ReadonlyMap<string, Holder>;
}

interface Variables {
  /** Objects that need not exist and were not given. */
  readonly optional?: readonly string[];
  readonly variables: readonly ShellVariable[];
  readonly problems: Problems;
}

/** `env` wins over `envFrom` (Container v1 core). */
export function readVariables(container: DocumentNode, pod: Source): Variables {
  const items = [
    ...itemsOf(at(container, 'envFrom')).map((item) => readAll(item, pod)),
    ...itemsOf(at(container, 'env')).map((item) => readVariable(item, pod)),
  ];
  return together(items);
}

function together(items: readonly Variables[]): Variables {
  return {
    variables: items.flatMap(({ variables }) => variables),
    problems: items.flatMap(({ problems }) => problems),
    optional: items.flatMap(({ optional = [] }) => optional),
  };
}

/** A variable whose value only the cluster knows: it is set all the same, and the placeholder is named. */
function inCluster(name: string, location: Location): Variables {
  const doubt = 'only the cluster knows it';
  return { variables: [{ name, value: `\${${name}}`, location, doubt }], problems: [] };
}

function readAll(item: DocumentNode, { namespace, holders }: Source): Variables {
  const prefix = textOf(at(item, 'prefix')) ?? '';
  const configMap = textOf(at(item, 'configMapRef', 'name'));
  const secret = textOf(at(item, 'secretRef', 'name'));
  const key =
    configMap === undefined
      ? `Secret/${namespace}/${secret}`
      : `ConfigMap/${namespace}/${configMap}`;
  const holder = holders.get(key);
  if (holder === undefined) {
    if (isOptional(item)) {
      const [kind = '', , own = ''] = key.split('/');
      return { variables: [], problems: [], optional: [`${kind} ${own}`] };
    }
    const name = configMap ?? secret ?? textOf(item) ?? 'envFrom';
    return notGiven(name, key, item.location);
  }
  return together(
    [...holder].map(([own, { value, node }]): Variables => {
      const name = prefix + own;
      const { location } = node;
      return value === undefined
        ? inCluster(name, location)
        : { variables: [{ name, value, location }], problems: [] };
    }),
  );
}

function notGiven(name: string, object: string, location: Location): Variables {
  const values = { object };
  return {
    variables: [],
    problems: [{ kind: 'unparsable', why: 'object-not-given', name, values, location }],
  };
}

/** Without such an object the container starts nevertheless (EnvFromSource v1 core). */
function isOptional(item: DocumentNode): boolean {
  return ['configMapRef', 'secretRef'].some((key) => textOf(at(item, key, 'optional')) === 'true');
}

/** What comes out of an object that was not given, or of the node, is known to the cluster alone. */
function readVariable(item: DocumentNode, pod: Source): Variables {
  const { location } = item;
  const template = textOf(item);
  if (template !== undefined) return notGiven(template, template, location);
  const name = textOf(at(item, 'name')) ?? '';
  const from = at(item, 'valueFrom');
  if (from === undefined) {
    return {
      variables: [{ name, value: textOf(at(item, 'value')) ?? '', location }],
      problems: [],
    };
  }
  const found = referred(from, pod);
  if (found !== undefined) {
    return {
      variables: [{ name, value: found.value, location: found.node?.location ?? location }],
      problems: [],
    };
  }
  return inCluster(name, location);
}

interface Referred {
  readonly value: string;
  readonly node?: DocumentNode;
}

function referred(from: DocumentNode, pod: Source): Referred | undefined {
  const keys = [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const;
  for (const [key, kind] of keys) {
    const reference = at(from, key);
    const holder = pod.holders.get(`${kind}/${pod.namespace}/${textOf(at(reference, 'name'))}`);
    const value = holder?.get(textOf(at(reference, 'key')) ?? '');
    if (value?.value !== undefined) return { value: value.value, node: value.node };
  }
  const value = fieldOf(textOf(at(from, 'fieldRef', 'fieldPath')) ?? '', pod);
  return value === undefined ? undefined : { value };
}

function fieldOf(field: string, source: Source): string | undefined {
  const { name, namespace, isNamespaceStated, hostname, labels } = source;
  if (field === 'metadata.namespace') return isNamespaceStated ? namespace : undefined;
  if (field === 'metadata.name') return hostname === undefined ? undefined : name;
  const label = /^metadata\.labels\['([^']+)'\]$/.exec(field)?.[1];
  return label === undefined ? undefined : textOf(at(labels, label));
}
