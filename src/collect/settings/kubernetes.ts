import { requiredShell } from './image-shell.ts';
import { wordSet } from '../../model/table.ts';
import type { Mount } from '../../model/draft.ts';
import type { DocumentNode, EnvironmentVariable } from '../../model/settings.ts';
import { groupBy } from '../../model/group-by.ts';
import { defined } from '../../model/defined.ts';
import { environmentIn, filesInside } from './container-files.ts';
import {
  at,
  entriesOf,
  itemsOf,
  locatedText,
  locatedTexts,
  textOf,
  whereTrue,
} from './document.ts';
import { notReadOfContainer } from './pod-restrictions.ts';
import { boundingSet, emptyProcess, type Process, processesOf, supplementary } from './process.ts';
import { endingOfContainer, type Requirement, withRequirements } from './before-start.ts';
import { type Limit, limitOf, quantityIn, requiredLimits } from './limits.ts';
import { listed, nameOf } from './kubernetes-objects.ts';
import { type Holder, holderOf, readVariables } from './pod-variables.ts';
import { bareProbesOf, commandsOf, expand, neighboursIn } from './kubelet-probes.ts';
import { isMember } from './is-member.ts';
import { mergePatch, type PatchText, type StartingObject } from './patches.ts';
import { changesSeenBy, withTakenAccess } from './taken-access.ts';
import { writtenOutside, writtenWithin } from './prepared-files.ts';
import { withProbes } from './probes.ts';
import { mountsOf } from './volumes.ts';
import { type ExpansionBudget, expansionBudget } from './expansion-budget.ts';
import type { SettingsContext } from './settings-context.ts';
import type { ShellVariable } from './shell/run.ts';
import { literally } from './unresolved.ts';

/** Whatever makes pods. */
const makesPods = wordSet(
  'Pod Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Job CronJob',
);

/**
 * The processes of every container in Kubernetes objects: pods, whatever makes pods, and lists of them.
 * Variables that come out of ConfigMaps and Secrets are read where these are among the objects.
 */
export function processesInManifests(
  documents: readonly DocumentNode[],
  context: SettingsContext,
): readonly Process[] {
  const objects = documents.flatMap(listed);
  const holders = new Map(objects.flatMap(holderOf));
  const patches = patchesAmong(objects.filter((object) => makesPods.has(nameOf(object).kind)));
  const whole = objects.filter((object) => !patches.has(object));
  return whole.flatMap((object) =>
    podsOf(object).flatMap((pod) => {
      const before = itemsOf(at(pod.spec, 'initContainers')).flatMap((each) => {
        const started = readContainer(each, { ...pod, holders }, context);
        // One that stays next to the others need not end.
        return textOf(at(each, 'restartPolicy')) === 'Always'
          ? started
          : started.map((process) => ({ ...process, isTask: true as const }));
      });
      // What prepares a pod starts no etcd that stays.
      const clients = before.filter(({ program }) => program?.startsWith('etcdctl'));
      const prepared = before.flatMap((process) => writtenOutside(process));
      const own = itemsOf(at(pod.spec, 'containers')).flatMap((each) =>
        readContainer(each, { ...pod, holders }, context),
      );
      const processes = own.map((process) =>
        withTakenAccess(
          { ...process, mounts: [...process.mounts, ...writtenWithin(process.mounts, prepared)] },
          [{ started: changesSeenBy(process, before) }],
        ),
      );
      const required = withRequirements(processes, before.flatMap(requiredOf));
      return [...clients, ...withProbesOfOthers(required, pod)];
    }),
  );
}

/** A container that has to succeed before those of the pod start, unless it stays next to them. */
function requiredOf(process: Process): readonly Requirement[] {
  const { label = '', origin, ending, isTask } = process;
  if (ending === undefined || isTask !== true) return [];
  const required = { name: 'init container', of: label, location: origin };
  return [{ ...required, ending: endingOfContainer(process), why: 'command-fails' }];
}

/** kubelet probes other containers of the pod at ports of etcd too: all of them have its address. */
function withProbesOfOthers(processes: readonly Process[], { spec }: Pod): readonly Process[] {
  const containers = itemsOf(at(spec, 'containers'));
  return processes.map((process) => {
    if (!isMember(process) || containers.length < 2) return process;
    const others = containers
      .filter(({ location }) => location.line !== process.origin.line)
      .flatMap((other) =>
        bareProbesOf(other).map((probe) => ({
          ...probe,
          name: `${probe.name} of ${textOf(at(other, 'name')) ?? 'another container'}`,
          neighbours: 'stated' as const,
        })),
      );
    const all = [...(process.bareProbes ?? []), ...others];
    return all.length === 0 ? process : { ...process, bareProbes: all };
  });
}

interface Pod {
  readonly object: StartingObject;
  readonly spec: DocumentNode;
  readonly name: string;
  readonly namespace: string;
  readonly isNamespaceStated: boolean;
  readonly labels: DocumentNode | undefined;
  /** Set where the object gives its pods names that are known, as a StatefulSet does. */
  readonly hostname?: string;
  readonly hostnames: readonly string[];
  /** Why there are more pods like it that are not read. */
  readonly left?: string;
  readonly holders: ReadonlyMap<string, Holder>;
  readonly volumes: ReadonlyMap<string | undefined, Volume>;
}

interface Volume {
  readonly source: DocumentNode;
  /** Whether one container of the pod mounts it, and no other. */
  readonly isOfOne: boolean;
}

/** A StatefulSet has one pod for each replica, named by its number; others have pods of unknown names. */
function podsOf(object: DocumentNode): readonly Pod[] {
  const { kind, name, namespace } = nameOf(object);
  if (!makesPods.has(kind)) return [];
  const spec = at(object, 'spec');
  const template = templateOf(object);
  const podSpec = podSpecOf(object);
  if (podSpec === undefined || at(podSpec, 'containers') === undefined) return [];
  const labels = at(template ?? object, 'metadata', 'labels');
  const holders: Pod['holders'] = new Map();
  const pod = {
    object: { kind, name },
    spec: podSpec,
    name,
    namespace,
    isNamespaceStated: at(object, 'metadata', 'namespace') !== undefined,
    labels,
    hostnames: [],
    holders,
    volumes: volumesOf(podSpec),
  };
  if (kind === 'StatefulSet') return replicasOf(spec, pod);
  return [kind === 'Pod' ? { ...pod, hostname: textOf(at(podSpec, 'hostname')) ?? name } : pod];
}

function templateOf(object: DocumentNode): DocumentNode | undefined {
  const spec = at(object, 'spec');
  return at(spec, 'jobTemplate', 'spec', 'template') ?? at(spec, 'template');
}

function podSpecOf(object: DocumentNode): DocumentNode | undefined {
  const template = templateOf(object);
  return template === undefined ? at(object, 'spec') : at(template, 'spec');
}

function replicasOf(set: DocumentNode | undefined, pod: Pod): readonly Pod[] {
  const replicas = numberAt(set, ['replicas'], 1);
  const start = numberAt(set, ['ordinals', 'start'], 0);
  const service = textOf(at(set, 'serviceName'));
  return Array.from({ length: Math.min(Math.max(replicas, 1), mostReplicas) }, (_, index) => {
    const name = `${pod.name}-${start + index}`;
    const domain = `${name}.${service}.${pod.namespace}`;
    const names = [`${name}.${service}`, domain, `${domain}.svc`, `${domain}.svc.cluster.local`];
    const hostnames = [name, ...(service === undefined ? [] : names)];
    const left = `the StatefulSet has ${replicas} replicas, of which ${mostReplicas} are read`;
    return { ...pod, name, hostname: name, hostnames, ...(replicas > mostReplicas && { left }) };
  });
}

function numberAt(node: DocumentNode | undefined, path: readonly string[], other: number): number {
  const value = Number(textOf(at(node, ...path)) ?? other);
  return Number.isInteger(value) ? value : other;
}

/** No etcd cluster has more; a number that is larger is no reason to make as many drafts. */
const mostReplicas = 15;

/** A container of a pod has an image; without one it is a patch of a container that stands elsewhere. */
function isPatch(container: DocumentNode): boolean {
  return ['image', 'command', 'args'].every((key) => at(container, key) === undefined);
}

/** What patches among the objects change of others: those are made by `kustomize build`. */
export function patchesInManifests(documents: readonly DocumentNode[]): readonly PatchText[] {
  const objects = documents.flatMap(listed).filter((object) => makesPods.has(nameOf(object).kind));
  const patches = patchesAmong(objects);
  return objects
    .filter(
      (object) => patches.has(object) || itemsOf(at(podSpecOf(object), 'containers')).some(isPatch),
    )
    .flatMap((object) => mergePatch(object) ?? []);
}

function keyOf(object: DocumentNode): string {
  const { kind, name } = nameOf(object);
  return `${kind}/${name}`;
}

/** Objects that lack what every such object has, where another one of the same name has it. */
function patchesAmong(objects: readonly DocumentNode[]): ReadonlySet<DocumentNode> {
  const whole = new Set(objects.filter(isWhole).map(keyOf));
  return new Set(objects.filter((object) => !isWhole(object) && whole.has(keyOf(object))));
}

const selecting = wordSet('DaemonSet Deployment StatefulSet');

function isWhole(object: DocumentNode): boolean {
  const containers = itemsOf(at(podSpecOf(object), 'containers'));
  const hasSelector =
    !selecting.has(nameOf(object).kind) || at(object, 'spec', 'selector') !== undefined;
  return hasSelector && containers.length > 0 && containers.every((each) => at(each, 'image'));
}

function readContainer(
  container: DocumentNode,
  pod: Pod,
  context: SettingsContext,
): readonly Process[] {
  if (isPatch(container)) return [];
  const { variables, problems, optional } = readVariables(container, pod);
  const budget = expansionBudget();
  const known = new Map<string, string>();
  const expanded = variables.map((variable) => expandVariable(variable, known, budget));
  const command = [
    ...locatedTexts(at(container, 'command')),
    ...locatedTexts(at(container, 'args')),
  ];
  const words = command.map((word) => ({
    ...word,
    ...literally(word.text, (text) => expand(text, known, budget)),
    text: expand(word.text, known, budget),
  }));
  const image = locatedText(at(container, 'image'));
  const isOnHost = textOf(at(pod.spec, 'hostNetwork')) === 'true';
  const hostname = isOnHost ? undefined : pod.hostname;
  const base: Process = {
    ...emptyProcess('manifest', container.location),
    files: [...new Set([container.location.file, ...variables.flatMap(fileOf)])],
    label: textOf(at(container, 'name')) ?? pod.name,
    mounts: readMounts(container, pod),
    readOnly: readOnlyIn(container),
    ...defined({
      rootIsReadOnly: whereTrue(at(container, 'securityContext', 'readOnlyRootFilesystem')),
    }),
    ...defined({ directory: textOf(at(container, 'workingDir')) }),
    contained: true,
    object: readsNamespace(container) ? { ...pod.object, namespace: pod.namespace } : pod.object,
    network: {
      of: `${container.location.file}#${pod.namespace}/${pod.name}`,
      ...(isOnHost && { isHost: true as const }),
    },
    hostnames: pod.hostnames,
    directives: [...directivesOf(container, pod), ...capabilitiesOf(container)],
    ...(image && { image }),
    problems,
    ...lacking(optional),
    doubts: [
      ...problems.map(({ name, location }) => ({
        path: location?.file ?? container.location.file,
        ...(location?.line !== undefined && { line: location.line }),
        reason: `the value of ${name} comes from a Kubernetes object that was not given`,
      })),
      ...(pod.left === undefined ? [] : [{ path: container.location.file, reason: pod.left }]),
      ...notReadOfContainer(container, pod.spec),
    ],
  };
  const line = {
    find: filesInside(base, context),
    words,
    variables: [...hostnameVariable(hostname), ...expanded],
    complete: environmentIn(image?.text),
    isBlock: hasBlock(container),
    ...(hostname !== undefined && { hostname }),
  };
  const processes = withRequirements(processesOf(base, line), [
    ...requiredLimits(limitsOf(container)),
    ...requiredShell(base, line),
  ]);
  return withProbes(processes, base, line, {
    commands: commandsOf(container, variables),
    bare: bareProbesOf(container),
    neighbours: neighboursIn(container, pod.spec),
  });
}

function hostnameVariable(value: string | undefined): readonly ShellVariable[] {
  return value === undefined ? [] : [{ name: 'HOSTNAME', value }];
}

/** A variable with the values of those before it, which those after it may use. */
function expandVariable(
  variable: ShellVariable,
  known: Map<string, string>,
  budget: ExpansionBudget,
): ShellVariable {
  const value = expand(variable.value, known, budget);
  const literal = literally(variable.value, (text) => expand(text, known, budget));
  if (variable.doubt === undefined) known.set(variable.name, value);
  return { ...variable, ...literal, value };
}

function readsNamespace(container: DocumentNode): boolean {
  return itemsOf(at(container, 'env')).some(
    (variable) =>
      textOf(at(variable, 'valueFrom', 'fieldRef', 'fieldPath')) === 'metadata.namespace',
  );
}

function limitsOf(container: DocumentNode): readonly Limit[] {
  const memory = locatedText(at(container, 'resources', 'limits', 'memory'));
  if (memory === undefined) return [];
  return limitOf('resources.limits.memory', 'memory', memory, quantityIn(memory.text));
}

/** What need not exist may set something. */
function lacking(optional: readonly string[] = []) {
  if (optional.length === 0) return {};
  return { partial: true, missingFiles: optional, optionalFiles: optional };
}

function fileOf({ location }: EnvironmentVariable): readonly string[] {
  return location === undefined ? [] : [location.file];
}

function hasBlock(container: DocumentNode): boolean {
  return ['command', 'args'].some((key) =>
    itemsOf(at(container, key)).some((item) => item.kind === 'scalar' && item.isBlock === true),
  );
}

/** What a pod says of the user that its processes run as. */
function directivesOf(container: DocumentNode, { spec }: Pod): readonly EnvironmentVariable[] {
  const names = { runAsUser: 'User', runAsGroup: 'Group', fsGroup: 'FileSystemGroup' };
  const more = itemsOf(at(spec, 'securityContext', 'supplementalGroups'));
  const groups = more.flatMap((item) => locatedText(item) ?? []).map(supplementary);
  const named = Object.entries(names).flatMap(([key, name]) => {
    const own = key === 'fsGroup' ? undefined : at(container, 'securityContext', key);
    const said = locatedText(own ?? at(spec, 'securityContext', key));
    return said === undefined
      ? []
      : [{ name, value: said.text, ...(said.location && { location: said.location }) }];
  });
  return [...named, ...groups];
}

/** A root that lost this capability reads what its owner and group may read, and no more. */
function capabilitiesOf(container: DocumentNode): readonly EnvironmentVariable[] {
  const capabilities = at(container, 'securityContext', 'capabilities');
  const dropped = itemsOf(at(capabilities, 'drop')).flatMap((item) => locatedText(item) ?? []);
  const added = itemsOf(at(capabilities, 'add')).flatMap((item) => textOf(item) ?? []);
  return boundingSet(dropped, added);
}

function readMounts(container: DocumentNode, pod: Pod): readonly Mount[] {
  return itemsOf(at(container, 'volumeMounts')).flatMap((mount) => {
    const made = textOf(at(mount, 'subPathExpr')) ?? '';
    if (made !== '') return [madeOf(made, mount)];
    const volume = pod.volumes.get(textOf(at(mount, 'name')));
    return volume !== undefined && isEverEmpty(volume)
      ? [emptyMount(mount, volume)]
      : mountsOf(mount, volume?.source, pod);
  });
}

/** A directory of a volume that is named after variables. */
function madeOf(expression: string, mount: DocumentNode): Mount {
  const inside = (textOf(at(mount, 'mountPath')) ?? '').replace(/\/$/, '');
  return { inside, from: 'other', source: `the directory that subPathExpr makes of ${expression}` };
}

function readOnlyIn(container: DocumentNode): readonly string[] {
  return itemsOf(at(container, 'volumeMounts'))
    .filter((mount) => textOf(at(mount, 'readOnly')) === 'true')
    .flatMap((mount) => textOf(at(mount, 'mountPath'))?.replace(/\/$/, '') ?? []);
}

function volumesOf(spec: DocumentNode): Pod['volumes'] {
  const containers = ['initContainers', 'containers'].flatMap((key) => itemsOf(at(spec, key)));
  const mounted = groupBy(
    containers.flatMap((container) => [
      ...new Set(itemsOf(at(container, 'volumeMounts')).map(namedIn)),
    ]),
    (name) => name,
  );
  const byName = groupBy(itemsOf(at(spec, 'volumes')), namedIn);
  return new Map(
    [...byName].map(([name, [source]]) => [
      name,
      { source, isOfOne: mounted.get(name)?.length === 1 },
    ]),
  );
}

function namedIn(node: DocumentNode): string | undefined {
  return textOf(at(node, 'name'));
}

/** A new directory that no other container of the pod can write to. */
function isEverEmpty({ source, isOfOne }: Volume): boolean {
  return isOfOne && entriesOf(source).some(({ key }) => key === 'emptyDir');
}

function emptyMount(mount: DocumentNode, { source }: Volume): Mount {
  return {
    inside: (textOf(at(mount, 'mountPath')) ?? '').replace(/\/$/, ''),
    from: 'empty',
    source: '',
    name: 'emptyDir',
    location: source.location,
  };
}
