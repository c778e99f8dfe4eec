import type { Mount, UnreadText } from '../../../model/draft.ts';
import type { DocumentNode, EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { at, entriesOf, heldText, itemsOf, locatedText, textOf } from '../document.ts';
import { readEnvironmentFile } from '../environment-file.ts';
import { blocksOf, type HclBlock, readHcl } from '../hcl.ts';
import { mentionsIn } from '../mentions.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { type FormReading, type HeldText, readEach, type SettingsForm } from '../settings-form.ts';

/**
 * Nomad's jobs (https://developer.hashicorp.com/nomad/docs/job-specification): the tasks of its drivers with
 * their variables and templates. What Nomad or Consul fills in stays a placeholder.
 */
export const form: SettingsForm = {
  name: 'nomad',
  layer: 'holder',
  alsoReadIn: [],
  recognises: ({ text }) => /^job\s+"[^"]*"\s*\{/m.test(text),
  read: readEach((file): FormReading => {
    const reading = readHcl(file);
    if (!reading.ok) return { notUnderstood: broken(file.path, file.text, reading.line) };
    const tasks = blocksOf(reading.body, 'job').flatMap((job) =>
      blocksOf(job, 'group').flatMap((group) => blocksOf(group, 'task')),
    );
    return {
      processes: tasks.flatMap(processesIn),
      texts: tasks.flatMap((task) => textsIn(task, file.path)),
    };
  }),
};

function broken(path: string, text: string, line: number): readonly UnreadText[] {
  const [first] = mentionsIn(text);
  if (first === undefined) return [];
  return [{ path, line, reason: `mentions ${first.what}, but is not valid HCL from here on` }];
}

const drivers = /^(?:docker|podman|exec|raw_exec|exec2|containerd-driver|java)$/;

function processesIn(task: HclBlock): readonly Process[] {
  const driver = textOf(at(task.attributes, 'driver')) ?? '';
  const [config] = blocksOf(task, 'config');
  if (config === undefined || !drivers.test(driver)) return [];
  const contained = /docker|podman|containerd/.test(driver);
  const image = contained ? locatedText(at(config.attributes, 'image')) : undefined;
  const words = ['entrypoint', 'command', 'args'].flatMap((key) =>
    wordsOf(at(config.attributes, key)),
  );
  const variables = [...variablesIn(task), ...templateVariables(task)];
  const base: Process = {
    ...emptyProcess('nomad', task.location),
    ...(task.labels[0] !== undefined && { label: task.labels[0] }),
    ...(image && { image }),
    ...(contained && { contained, mounts: mountsIn(task, config) }),
    ...runsAs(locatedText(at(task.attributes, 'user'))),
  };
  return processesOf(base, { words, variables, complete: true });
}

function wordsOf(node: DocumentNode | undefined): readonly LocatedText[] {
  const nodes = node?.kind === 'list' ? itemsOf(node) : [node];
  return nodes.flatMap((each) => locatedText(each) ?? []);
}

/** A block, or a map that is assigned. */
function variablesIn(task: HclBlock): readonly EnvironmentVariable[] {
  const maps = [
    at(task.attributes, 'env'),
    ...blocksOf(task, 'env').map(({ attributes }) => attributes),
  ];
  return maps.flatMap(entriesOf).flatMap(({ key, location, value }) => {
    const text = textOf(value);
    return text === undefined ? [] : [{ name: key, value: text, location }];
  });
}

/** A template may be a file of variables. */
function templateVariables(task: HclBlock): readonly EnvironmentVariable[] {
  return blocksOf(task, 'template').flatMap(({ attributes, location }) => {
    const held = heldText(at(attributes, 'data'), location.file);
    if (held === undefined || textOf(at(attributes, 'env')) !== 'true') return [];
    const { line, folded } = held.within;
    return readEnvironmentFile({ path: location.file, text: held.text }).map((variable) => ({
      ...variable,
      location: {
        file: location.file,
        line: folded === true ? line : line + (variable.location?.line ?? 1) - 1,
      },
    }));
  });
}

/** The directories of a task are `/local`, `/secrets` and `/alloc` to it, in a container as in a chroot. */
function textsIn(task: HclBlock, path: string): readonly HeldText[] {
  return blocksOf(task, 'template').flatMap(({ attributes }) => {
    const data = at(attributes, 'data');
    const destination = textOf(at(attributes, 'destination')) ?? '';
    if (textOf(at(attributes, 'env')) === 'true') return [];
    return heldText(data, `${path}#${deployed(destination)}`) ?? [];
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
    return { source, inside, location };
  });
  const mounts = [
    ...blocksOf(config, 'mount').map(({ attributes }) => attributes),
    ...itemsOf(at(config.attributes, 'mounts')),
  ].map((node) => ({
    source: textOf(at(node, 'source')) ?? '',
    inside: textOf(at(node, 'target')) ?? '',
    location: node.location,
  }));
  const volumes = blocksOf(task, 'volume_mount').map(({ attributes }) => ({
    inside: textOf(at(attributes, 'destination')) ?? '',
    from: 'other' as const,
    source: textOf(at(attributes, 'volume')) ?? '',
  }));
  const own = ['/local', '/secrets', '/alloc'].map((inside) => ({
    inside,
    from: 'host' as const,
    source: inside,
  }));
  const bound = [...binds, ...mounts].map(({ source, inside, location }) => ({
    inside: inside.replace(/\/$/, ''),
    from: 'host' as const,
    source: source.startsWith('/') ? source.replace(/\/$/, '') : deployed(source),
    ...(location && { location }),
  }));
  return [...bound, ...volumes, ...own];
}
