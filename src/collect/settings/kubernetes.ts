import type { Mount } from '../../model/draft.ts';
import type {
  DocumentNode,
  EnvironmentVariable,
  LocatedText,
  SettingsProblem,
} from '../../model/settings.ts';
import { at, itemsOf, textOf } from './document.ts';
import { emptyProcess, type Process } from './process.ts';
import { programOf } from './programs.ts';

/**
 * The processes of every container in a file of Kubernetes objects: pods, whatever makes pods, and lists
 * of them. Variables that come out of a ConfigMap are read where it stands in the same file.
 */
export function processesInManifest(documents: readonly DocumentNode[]): readonly Process[] {
  const objects = documents.flatMap(listed);
  const configMaps = new Map(objects.flatMap(configMapOf));
  return objects.flatMap((object) => {
    const pod = podSpec(object);
    if (pod === undefined) return [];
    const owner = { pod, configMaps, ...nameOf(object) };
    return itemsOf(at(pod, 'containers')).map((container) => readContainer(container, owner));
  });
}

function listed(document: DocumentNode): readonly DocumentNode[] {
  const items = at(document, 'items');
  return items === undefined ? [document] : itemsOf(items).flatMap(listed);
}

function nameOf(object: DocumentNode): { readonly name: string; readonly namespace: string } {
  return {
    name: textOf(at(object, 'metadata', 'name')) ?? '',
    namespace: textOf(at(object, 'metadata', 'namespace')) ?? 'default',
  };
}

function configMapOf(object: DocumentNode): readonly (readonly [string, DocumentNode])[] {
  const data = at(object, 'data');
  if (textOf(at(object, 'kind')) !== 'ConfigMap' || data === undefined) return [];
  const { name, namespace } = nameOf(object);
  return [[`${namespace}/${name}`, data]];
}

/** Pod; Deployment, StatefulSet, DaemonSet, Job; CronJob. */
function podSpec(document: DocumentNode): DocumentNode | undefined {
  const spec = at(document, 'spec');
  const template =
    at(spec, 'jobTemplate', 'spec', 'template', 'spec') ?? at(spec, 'template', 'spec');
  const pod = template ?? spec;
  return at(pod, 'containers') === undefined ? undefined : pod;
}

interface Pod {
  readonly pod: DocumentNode;
  readonly name: string;
  readonly namespace: string;
  /** Data by `namespace/name`. */
  readonly configMaps: ReadonlyMap<string, DocumentNode>;
}

function readContainer(container: DocumentNode, owner: Pod): Process {
  const { variables, problems } = readVariables(container, owner);
  const command = [...located(at(container, 'command')), ...located(at(container, 'args'))];
  const expanded = command.map((word) => ({ ...word, text: expand(word.text, variables) }));
  const image = textOf(at(container, 'image'));
  const imageName = /([^/:@]+)(?:[:@][^/]*)?$/.exec(image ?? '')?.[1];
  const found = programOf(expanded);
  const program = found.program ?? imageName;

  return {
    ...emptyProcess('manifest', container.location),
    ...(program === undefined ? {} : { program }),
    words: found.words,
    label: textOf(at(container, 'name')) ?? owner.name,
    variables: variables.map((variable) => ({
      ...variable,
      value: expand(variable.value, variables),
    })),
    mounts: readMounts(container, owner),
    ...(image === undefined
      ? {}
      : { image: located(at(container, 'image'))[0] ?? { text: image } }),
    problems,
  };
}

function located(node: DocumentNode | undefined): readonly LocatedText[] {
  const nodes = node?.kind === 'scalar' ? [node] : itemsOf(node);
  return nodes.flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ text, location: item.location }];
  });
}

interface Variables {
  readonly variables: readonly EnvironmentVariable[];
  readonly problems: readonly SettingsProblem[];
}

function readVariables(container: DocumentNode, owner: Pod): Variables {
  const items = itemsOf(at(container, 'env')).map((item) => readVariable(item, owner));
  return {
    variables: items.flatMap(({ variables }) => variables),
    problems: items.flatMap(({ problems }) => problems),
  };
}

/** What comes out of Secrets and the pod's own fields is known to the cluster alone. */
function readVariable(item: DocumentNode, { namespace, configMaps }: Pod): Variables {
  const { location } = item;
  const name = textOf(at(item, 'name')) ?? '';
  const from = at(item, 'valueFrom');
  const reference = at(from, 'configMapKeyRef');
  const data = configMaps.get(`${namespace}/${textOf(at(reference, 'name'))}`);
  const found = at(data, textOf(at(reference, 'key')) ?? '');
  const value = from === undefined ? (textOf(at(item, 'value')) ?? '') : textOf(found);
  if (value !== undefined) {
    return { variables: [{ name, value, location: found?.location ?? location }], problems: [] };
  }
  if (!/^(?:ETCD|FLANNEL)/.test(name)) return { variables: [], problems: [] };
  const detail = 'its value comes from the cluster and is not known here';
  return { variables: [], problems: [{ kind: 'unparsable', name, detail, location }] };
}

/** `$(NAME)` of variables defined before; `$$` is a dollar sign. */
function expand(text: string, variables: readonly EnvironmentVariable[]): string {
  return text.replaceAll(/\$\$|\$\(([\w.-]+)\)/g, (written: string, name?: string) => {
    if (name === undefined) return '$';
    return variables.findLast((variable) => variable.name === name)?.value ?? written;
  });
}

function readMounts(container: DocumentNode, { pod, namespace }: Pod): readonly Mount[] {
  const volumes = itemsOf(at(pod, 'volumes'));
  return itemsOf(at(container, 'volumeMounts')).flatMap((mount) => {
    const name = textOf(at(mount, 'name'));
    const volume = volumes.find((candidate) => textOf(at(candidate, 'name')) === name);
    const inside = (textOf(at(mount, 'mountPath')) ?? '').replace(/\/$/, '');
    const subPath = textOf(at(mount, 'subPath'));
    return [{ inside, ...sourceOf(volume, namespace, subPath) }];
  });
}

function sourceOf(
  volume: DocumentNode | undefined,
  namespace: string,
  subPath: string | undefined,
): Omit<Mount, 'inside'> {
  const host = textOf(at(volume, 'hostPath', 'path'));
  const secret = textOf(at(volume, 'secret', 'secretName'));
  const configMap = textOf(at(volume, 'configMap', 'name'));
  const below = subPath === undefined ? '' : `/${subPath}`;
  if (host !== undefined) return { from: 'host', source: host.replace(/\/$/, '') + below };
  if (secret !== undefined) return { from: 'secret', source: `${namespace}/${secret}${below}` };
  if (configMap !== undefined)
    return { from: 'config-map', source: `${namespace}/${configMap}${below}` };
  return { from: 'other', source: textOf(at(volume, 'name')) ?? '' };
}
