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

/** The processes of every container in Kubernetes objects: pods, whatever makes pods, and lists of them. */
export function processesInManifest(document: DocumentNode): readonly Process[] {
  const items = at(document, 'items');
  if (items !== undefined) return itemsOf(items).flatMap(processesInManifest);

  const pod = podSpec(document);
  if (pod === undefined) return [];
  const name = textOf(at(document, 'metadata', 'name')) ?? '';
  const namespace = textOf(at(document, 'metadata', 'namespace')) ?? 'default';
  return itemsOf(at(pod, 'containers')).map((container) =>
    readContainer(container, { pod, name, namespace }),
  );
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
}

function readContainer(container: DocumentNode, owner: Pod): Process {
  const { variables, problems } = readVariables(container);
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

/** What comes out of Secrets, ConfigMaps and the pod's own fields is known to the cluster alone. */
function readVariables(container: DocumentNode): {
  readonly variables: readonly EnvironmentVariable[];
  readonly problems: readonly SettingsProblem[];
} {
  const variables: EnvironmentVariable[] = [];
  const problems: SettingsProblem[] = [];
  for (const item of itemsOf(at(container, 'env'))) {
    const name = textOf(at(item, 'name')) ?? '';
    const value = textOf(at(item, 'value'));
    if (at(item, 'valueFrom') === undefined) {
      variables.push({ name, value: value ?? '', location: item.location });
    } else if (/^(?:ETCD|FLANNEL)/.test(name)) {
      const detail = 'its value comes from the cluster and is not known here';
      problems.push({ kind: 'unparsable', name, detail, location: item.location });
    }
  }
  return { variables, problems };
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
