import { environmentIn } from '../container-files.ts';
import { withRequirements } from '../before-start.ts';
import { type Limit, limitOf, limitOfEngine, requiredLimits } from '../limits.ts';
import type { BareProbe, Mount, UnreadText } from '../../../model/draft.ts';
import type { DocumentNode, EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { at, entriesOf, embeddedText, itemsOf, locatedText, textOf } from '../document.ts';
import { readEnvironmentFile } from '../environment-file.ts';
import { blocksOf, type HclBlock, readHcl } from '../hcl.ts';
import { isMember } from '../is-member.ts';
import { mentionsIn } from '../mentions.ts';
import { type Command, withProbes } from '../probes.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import {
  type FormReading,
  type EmbeddedText,
  readEach,
  type SettingsForm,
} from '../settings-form.ts';
import { emptyMount, namedVolume } from '../volumes.ts';
import { unreadAt } from '../unread-at.ts';

export const reader: SettingsForm['read'] = readEach((file): FormReading => {
  const reading = readHcl(file);
  if (!reading.ok) return { notUnderstood: broken(file.path, file.text, reading.line) };
  const jobs = blocksOf(reading.body, 'job');
  const groups = jobs.flatMap((job) => blocksOf(job, 'group'));
  const tasks = groups.flatMap((group) => blocksOf(group, 'task'));
  const processes = groups.flatMap((group) =>
    blocksOf(group, 'task').flatMap((task) => processesIn(task, group)),
  );
  const isOfEtcd = processes.some(isMember) || mentionsIn(file.text).length > 0;
  return {
    processes,
    texts: tasks.flatMap((task) => textsIn(task, file.path)),
    written: tasks.flatMap((task) => writtenIn(task, file.path)),
    notUnderstood: isOfEtcd ? jobs.flatMap(dynamicIn) : [],
  };
});

function broken(path: string, text: string, line: number): readonly UnreadText[] {
  const what = mentionsIn(text)[0]?.what ?? /\betcd\b/.exec(text)?.[0];
  if (what === undefined) return [];
  return [
    {
      path,
      line,
      reason: `mentions ${what}, but from here on it is not valid HCL, or is nested too deeply`,
    },
  ];
}

/** Nomad makes blocks of these from values that it alone knows. Some kinds change nothing about TLS. */
function dynamicIn(block: HclBlock): readonly UnreadText[] {
  const [kind = ''] = block.labels;
  const isOpen = block.type === 'dynamic' && !withoutEffect.test(kind);
  return [
    ...(isOpen
      ? [unread(block.location, `Nomad makes the \`${kind}\` blocks from a \`dynamic\` block`)]
      : []),
    ...block.blocks.flatMap(dynamicIn),
  ];
}

const withoutEffect = /^(?:affinity|constraint|meta|port|spread)$/;

function unread({ file, line }: Location, reason: string): UnreadText {
  return unreadAt(file, line, reason);
}

const drivers = /^(?:docker|podman|exec|raw_exec|exec2|containerd-driver|java)$/;

function processesIn(task: HclBlock, group: HclBlock): readonly Process[] {
  const driver = textOf(at(task.attributes, 'driver')) ?? '';
  const [config] = blocksOf(task, 'config');
  if (config === undefined || !drivers.test(driver)) return [];
  const contained = /docker|podman|containerd/.test(driver);
  const image = contained ? locatedText(at(config.attributes, 'image')) : undefined;
  const words = ['entrypoint', 'command', 'args'].flatMap((key) =>
    wordsOf(at(config.attributes, key)),
  );
  const variables = [...variablesIn(task), ...templateVariables(task)];
  const checks = checksOf(task, group);
  const base: Process = {
    ...emptyProcess('nomad', task.location),
    doubts: openVariables(task),
    ...(task.labels[0] !== undefined && { label: task.labels[0] }),
    ...(image && { image }),
    ...(contained ? { contained, mounts: mountsIn(task, config) } : { mounts: volumesIn(task) }),
    ...runsAs(locatedText(at(task.attributes, 'user'))),
  };
  const line = {
    words,
    variables,
    complete: environmentIn(image?.text, contained),
  };
  const limits = requiredLimits(driver === 'raw_exec' ? [] : limitsIn(task, config));
  const processes = withRequirements(processesOf(base, line), limits).map((process) =>
    isMember(process)
      ? {
          ...process,
          doubts: [...process.doubts, ...checks.flatMap((each) => openRequest(each, group))],
        }
      : process,
  );
  return withProbes(processes, base, line, {
    commands: checks.flatMap(({ check }) => commandOf(check)),
    bare: checks.flatMap((each) => requestOf(each, group) ?? []),
  });
}

/**
 * The memory of a task in MiB, which may use up to `memory_max` where the scheduler lets it, and what its driver
 * passes on to the engine.
 */
function limitsIn(task: HclBlock, config: HclBlock): readonly Limit[] {
  const resources = blocksOf(task, 'resources').map(({ attributes }) => attributes);
  const said = ['memory', 'memory_max'].flatMap((key) =>
    resources.flatMap((each) => locatedText(at(each, key)) ?? []),
  );
  const [most] = said.toSorted((one, other) => Number(other.text) - Number(one.text));
  const ulimits = [
    ...blocksOf(config, 'ulimit').map(({ attributes }) => attributes),
    ...[at(config.attributes, 'ulimit') ?? []].flat(),
  ]
    .flatMap(entriesOf)
    .map(({ key, value, location }) => ({ text: `${key}=${textOf(value) ?? ''}`, location }));
  const pids = locatedText(at(config.attributes, 'pids_limit'));
  return [
    ...(most === undefined
      ? []
      : limitOf('resources.memory', 'memory', most, Number(most.text) * 1024 ** 2)),
    ...(pids === undefined ? [] : limitOf('pids_limit', 'tasks', pids)),
    ...ulimits.flatMap((each) => limitOfEngine('ulimit', each)),
  ];
}

/** The checks of a task's services, and those of its group's services that concern the task. */
function checksOf(task: HclBlock, group: HclBlock): readonly ServiceCheck[] {
  const [name] = task.labels;
  const shared = checksIn(group).filter(({ check, service }) => {
    const named = at(check.attributes, 'task') ?? at(service.attributes, 'task');
    return named === undefined || textOf(named) === name;
  });
  return [...checksIn(task), ...shared];
}

function checksIn(block: HclBlock): readonly ServiceCheck[] {
  return blocksOf(block, 'service').flatMap((service) =>
    blocksOf(service, 'check').map((check) => ({ check, service })),
  );
}

interface ServiceCheck {
  readonly check: HclBlock;
  readonly service: HclBlock;
}

/** A request whose port and scheme are literal. With TLS, Nomad and Consul verify by CAs of their own. */
function requestOf({ check, service }: ServiceCheck, group: HclBlock): BareProbe | undefined {
  const type = typeOf(check);
  const said = (key: string) => textOf(at(check.attributes, key));
  const port = portOf(at(check.attributes, 'port') ?? at(service.attributes, 'port'), group);
  const isTls = type === 'http' ? said('protocol') === 'https' : said('grpc_use_tls') === 'true';
  if ((type !== 'http' && type !== 'grpc') || port === undefined || isTls) return undefined;
  return { name: 'check', by: 'Nomad', scheme: type, port, location: check.location };
}

/** The port of the task: a number, or that of a label in the group's network. */
function portOf(written: DocumentNode | undefined, group: HclBlock): string | undefined {
  const text = textOf(written);
  const labelled = blocksOf(group, 'network')
    .flatMap((network) => blocksOf(network, 'port'))
    .find(({ labels }) => labels[0] === text);
  const port =
    labelled === undefined
      ? text
      : textOf(at(labelled.attributes, 'to') ?? at(labelled.attributes, 'static'));
  return /^[1-9]\d*$/.test(port ?? '') ? port : undefined;
}

function typeOf(check: HclBlock): string {
  return textOf(at(check.attributes, 'type')) ?? '';
}

/** Nomad runs the command of such a check in the task. */
function commandOf(check: HclBlock): readonly Command[] {
  if (typeOf(check) !== 'script') return [];
  const words = ['command', 'args'].flatMap((key) => wordsOf(at(check.attributes, key)));
  return words.length === 0 ? [] : [{ name: 'check', words, location: check.location }];
}

/** Consul or Nomad sends these requests; a check of TCP only connects. */
function openRequest(each: ServiceCheck, group: HclBlock): readonly UnreadText[] {
  const { check } = each;
  const type = typeOf(check);
  if (type === 'tcp' || type === 'script' || requestOf(each, group) !== undefined) return [];
  const reason = `whether etcd accepts the request of this check (type \`${type}\`) is not examined`;
  return [unread(check.location, reason)];
}

function wordsOf(node: DocumentNode | undefined): readonly LocatedText[] {
  const nodes = node?.kind === 'list' ? itemsOf(node) : [node];
  return nodes.flatMap((each) => locatedText(each) ?? []);
}

/** A block, or a map that is assigned. */
function variablesIn(task: HclBlock): readonly EnvironmentVariable[] {
  return mapsOf(task)
    .flatMap(entriesOf)
    .flatMap(({ key, location, value }) => {
      const text = textOf(value);
      return text === undefined ? [] : [{ name: key, value: text, location }];
    });
}

function mapsOf(task: HclBlock): readonly DocumentNode[] {
  const assigned = at(task.attributes, 'env');
  const blocks = blocksOf(task, 'env').map(({ attributes }) => attributes);
  return assigned === undefined ? blocks : [assigned, ...blocks];
}

/** Variables that only Nomad can work out. */
function openVariables(task: HclBlock): readonly UnreadText[] {
  return mapsOf(task).flatMap((map) =>
    map.kind === 'map'
      ? entriesOf(map)
          .filter(({ value }) => textOf(value) === undefined)
          .map(({ key, location }) => unread(location, `the value of ${key} is not plain text`))
      : [unread(map.location, 'the environment is an expression, not a map of values')],
  );
}

/** A template may be a file of variables. */
function templateVariables(task: HclBlock): readonly EnvironmentVariable[] {
  return blocksOf(task, 'template').flatMap(({ attributes, location }) => {
    const embedded = embeddedText(at(attributes, 'data'), location.file);
    if (embedded === undefined || textOf(at(attributes, 'env')) !== 'true') return [];
    const { line, folded } = embedded.within;
    return readEnvironmentFile({ path: location.file, text: embedded.text }).map((variable) => ({
      ...variable,
      location: {
        file: location.file,
        line: folded === true ? line : line + (variable.location?.line ?? 1) - 1,
      },
    }));
  });
}

function writtenIn(task: HclBlock, path: string): readonly string[] {
  return blocksOf(task, 'template').flatMap(({ attributes }) => {
    const destination = textOf(at(attributes, 'destination'));
    return destination === undefined ? [] : [`${path}#${deployed(destination)}`];
  });
}

/** The directories of a task are `/local`, `/secrets` and `/alloc` to it, in a container as in a chroot. */
function textsIn(task: HclBlock, path: string): readonly EmbeddedText[] {
  return blocksOf(task, 'template').flatMap(({ attributes }) => {
    const data = at(attributes, 'data');
    const destination = textOf(at(attributes, 'destination')) ?? '';
    if (textOf(at(attributes, 'env')) === 'true') return [];
    return embeddedText(data, `${path}#${deployed(destination)}`) ?? [];
  });
}

function deployed(destination: string): string {
  const named = destination
    .replace('${NOMAD_TASK_DIR}', 'local')
    .replace('${NOMAD_SECRETS_DIR}', 'secrets');
  return `/${named.replace(/^\.?\//, '')}`;
}

/** Relative paths of the host are those of the task's directory. */
function mountsIn(task: HclBlock, config: HclBlock): readonly Mount[] {
  const binds = wordsOf(at(config.attributes, 'volumes')).map(({ text, location }) => {
    const [source = '', inside = ''] = text.split(':');
    return bound(source, inside, location);
  });
  const mounts = [
    ...blocksOf(config, 'mount').map(({ attributes }) => attributes),
    ...itemsOf(at(config.attributes, 'mounts')),
  ].map(mountOf);
  const own = ['/local', '/secrets', '/alloc'].map((inside) => ({
    inside,
    from: 'host' as const,
    source: inside,
  }));
  return [...binds, ...mounts, ...volumesIn(task), ...own, ...artifactsIn(task)];
}

/** Without a type it is a volume (drivers/docker/config.go). */
function mountOf(node: DocumentNode): Mount {
  const said = (key: string) => textOf(at(node, key)) ?? '';
  const type = said('type') || 'volume';
  if (type === 'tmpfs') return emptyMount(said('target'), node.location);
  return type === 'bind'
    ? bound(said('source'), said('target'), node.location)
    : namedVolume(said('source'), said('target'));
}

function bound(source: string, inside: string, location: Location | undefined): Mount {
  return {
    inside: inside.replace(/\/$/, ''),
    from: 'host',
    source: source.startsWith('/') ? source.replace(/\/$/, '') : deployed(source),
    ...(location && { location }),
  };
}

/** What Nomad downloads into the directory of the task. */
function artifactsIn(task: HclBlock): readonly Mount[] {
  return blocksOf(task, 'artifact').map(({ attributes }) => ({
    inside: deployed(textOf(at(attributes, 'destination')) ?? 'local').replace(/\/$/, ''),
    from: 'other',
    source: `the artifact ${textOf(at(attributes, 'source')) ?? ''}`,
  }));
}

/** Where such a volume is on a host is in the configuration of Nomad, or known to a CSI plugin. */
function volumesIn(task: HclBlock): readonly Mount[] {
  return blocksOf(task, 'volume_mount').map(({ attributes }) =>
    namedVolume(
      textOf(at(attributes, 'volume')) ?? '',
      textOf(at(attributes, 'destination')) ?? '',
    ),
  );
}
