import { defined } from '../../model/defined.ts';
import type { Mount, ProcessNetwork, UnreadText } from '../../model/draft.ts';
import type { DocumentNode, EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { notReadOf } from './compose-keys.ts';
import { refusedByCompose, runsOfWatch, watchedIn } from './compose-references.ts';
import { environmentIn, filesInside } from './container-files.ts';
import { normalized } from '../../deployment/roles/match-files.ts';
import { filesOfImage } from './image-files.ts';
import {
  at,
  entriesOf,
  itemsOf,
  locatedText,
  locatedTexts,
  textOf,
  whereTrue,
} from './document.ts';
import { configMounts } from './compose-configs.ts';
import { environmentFilesOf } from './compose-env-files.ts';
import { interpolationFor } from './compose-interpolation.ts';
import {
  boundingSet,
  emptyProcess,
  type Process,
  processesOf,
  supplementary,
  userOf,
} from './process.ts';
import { isMember } from './is-member.ts';
import { type Command, healthCommand, withProbes } from './probes.ts';
import type { SettingsContext } from './settings-context.ts';
import { assignment, splitWords } from './words.ts';
import { awaitedIn, relianceOn, requiredBy, type Waiting } from './compose-reliance.ts';
import { limitsOfService } from './compose-limits.ts';
import { requiredShell } from './image-shell.ts';
import { requiredLimits } from './limits.ts';
import { withRequirements } from './before-start.ts';
import { literally, type OpenWord } from './unresolved.ts';
import { emptyMount, engineMount, readOnlyVolume } from './volumes.ts';
import { unreadAt } from './unread-at.ts';

/** The processes of a compose file's services (https://github.com/compose-spec/compose-spec). */
export function processesInCompose(
  document: DocumentNode,
  context: SettingsContext,
): readonly Process[] {
  const { interpolate, read: environmentFiles } = interpolationFor(document, context);
  const services = entriesOf(at(document, 'services'));
  const project = {
    document,
    context,
    awaited: awaitedIn(document),
    names: new Set(services.flatMap(({ key, value }) => hostnamesOf(key, value, interpolate))),
    interpolate,
    read: environmentFiles,
  };
  const read = services.map(({ key, value }) => ({
    name: key,
    service: value,
    processes: readService(key, value, project),
  }));
  return read.flatMap((each) => withRequirements(each.processes, requiredBy(each, read)));
}

interface Project {
  readonly document: DocumentNode;
  readonly context: SettingsContext;
  /** The services that others rely on to be healthy, by name. */
  readonly awaited: ReadonlyMap<string, Waiting>;
  /** The names of all services on the project's networks. */
  readonly names: ReadonlySet<string>;
  readonly interpolate: (text: string) => string;
  readonly read: readonly string[];
}

function readService(name: string, service: DocumentNode, project: Project): readonly Process[] {
  const { context, interpolate } = project;
  const files = environmentFilesOf(service, context, interpolate);
  const { missing, absent } = files;
  const empty = emptyProcess('compose', service.location);
  const image = locatedText(at(service, 'image'));
  const user = locatedText(at(service, 'user'));
  const hostname = textOf(at(service, 'hostname'));
  const workingDirectory = textOf(at(service, 'working_dir'));
  const base: Process = {
    ...empty,
    label: name,
    mounts: [
      ...itemsOf(at(service, 'volumes')).flatMap((volume) => mountOf(volume, project)),
      ...locatedItems(at(service, 'volumes_from')).map(volumesOf),
      ...configMounts(service, project.document, interpolate),
      ...builtFiles(service, project),
      ...locatedTexts(at(service, 'tmpfs')).map(temporaryIn),
      ...watchedIn(service, interpolate),
    ],
    readOnly: itemsOf(at(service, 'volumes')).flatMap((volume) => readOnlyIn(volume, project)),
    ...defined({ rootIsReadOnly: whereTrue(at(service, 'read_only')) }),
    ...(workingDirectory !== undefined && { directory: interpolate(workingDirectory) }),
    contained: at(service, 'build') === undefined,
    addresses: addressesOf(service).map(interpolate),
    network: networkOf(name, service),
    hostnames: hostnamesOf(name, service, interpolate),
    ...(image && { image: { ...image, text: interpolate(image.text) } }),
    directives: [
      ...userOf(user && { ...user, text: interpolate(user.text) }),
      ...locatedItems(at(service, 'group_add')).map(supplementary),
      ...boundingSet(
        locatedItems(at(service, 'cap_drop')),
        locatedItems(at(service, 'cap_add')).map(({ text }) => text),
      ),
    ],
    files: [...new Set([...empty.files, ...project.read, ...files.given])],
    partial: missing.length > 0,
    missingFiles: missing,
    ...defined({ optionalFiles: absent.length > 0 ? absent : undefined }),
    doubts: [
      ...files.doubts,
      ...notReadOf(service),
      ...refusedByCompose(service, project.document, interpolate),
      ...runsOfWatch(service),
      ...extended(service),
    ],
  };
  const words = [
    ...wordsOf(at(service, 'entrypoint'), interpolate),
    ...wordsOf(at(service, 'command'), interpolate),
  ];
  const variables = [...files.variables, ...environmentOf(service, interpolate)];
  const line = {
    find: filesInside(base, context),
    words,
    variables,
    complete: missing.length === 0 && environmentIn(image?.text),
    isBlock: hasBlock(service),
    ...(hostname !== undefined && { hostname }),
  };
  const reliance = relianceOn(name, service, project.awaited);
  const limits = [
    ...requiredLimits(limitsOfService(service, interpolate)),
    ...requiredShell(base, line),
  ];
  const processes = withRequirements(processesOf(base, line), limits).map((process) =>
    reliance !== undefined && isMember(process)
      ? { ...process, doubts: [...process.doubts, reliance] }
      : process,
  );
  return withProbes(processes, base, line, {
    commands: healthcheckOf(at(service, 'healthcheck'), interpolate),
    neighbours: () => (isAlone(name, service, project.document) ? 'none' : undefined),
    isOther: (host) => !base.hostnames.includes(host) && project.names.has(host),
  });
}

/** `["CMD", …]`, or a text for the shell (https://docs.docker.com/reference/compose-file/services/#healthcheck). */
function healthcheckOf(
  healthcheck: DocumentNode | undefined,
  interpolate: (text: string) => string,
): readonly Command[] {
  if (textOf(at(healthcheck, 'disable')) === 'true') return [];
  const test = at(healthcheck, 'test');
  return healthCommand(
    locatedTexts(test).map((word) => ({ ...word, text: interpolate(word.text) })),
  );
}

/** `network_mode` joins the network of the host or of another service. */
function networkOf(name: string, service: DocumentNode): ProcessNetwork {
  const mode = textOf(at(service, 'network_mode')) ?? '';
  const { file } = service.location;
  const other = /^(?:service|container):(.*)$/.exec(mode)?.[1];
  // Swarm places services on several machines.
  const isPlaced = at(service, 'deploy', 'placement') !== undefined;
  return {
    of: `${file}#${other ?? name}`,
    ...(!isPlaced && { machine: file }),
    ...(mode === 'host' && { isHost: true }),
  };
}

/** Whether no other service has the same network, and no other container or the host is known to. */
function isAlone(name: string, service: DocumentNode, document: DocumentNode): boolean {
  const joins = /^(?:host$|service:|container:)/.test(textOf(at(service, 'network_mode')) ?? '');
  const { of } = networkOf(name, service);
  const all = entriesOf(at(document, 'services'));
  return !joins && all.every(({ key, value }) => key === name || networkOf(key, value).of !== of);
}

function locatedItems(node: DocumentNode | undefined): readonly LocatedText[] {
  return itemsOf(node).flatMap((item) => locatedText(item) ?? []);
}

function hasBlock(service: DocumentNode): boolean {
  return [at(service, 'entrypoint'), at(service, 'command')].some((node) =>
    itemsOf(node).some((item) => item.kind === 'scalar' && item.isBlock === true),
  );
}

/** A text is split as a shell would, and no shell runs it; a list is taken word for word. */
function wordsOf(
  node: DocumentNode | undefined,
  interpolate: (text: string) => string,
): readonly LocatedText[] {
  const text = textOf(node);
  if (node === undefined) return [];
  if (text === undefined) {
    return itemsOf(node).flatMap((item) => {
      const word = locatedText(item);
      return word === undefined ? [] : [filledIn(word, interpolate)];
    });
  }
  const { file, line = 1 } = node.location;
  const isBlock = node.kind === 'scalar' && node.isBlock === true;
  return text.split('\n').flatMap((each, index) =>
    splitWords(interpolate(each.replace(/\\$/, '')), 'shell').map((word) => ({
      text: word.text,
      ...literally(each, interpolate),
      location: isBlock ? { file, line: line + 1 + index } : node.location,
    })),
  );
}

function filledIn(word: LocatedText, interpolate: (text: string) => string): OpenWord {
  return { ...word, ...literally(word.text, interpolate), text: interpolate(word.text) };
}

function environmentOf(
  service: DocumentNode,
  interpolate: (text: string) => string,
): readonly EnvironmentVariable[] {
  const node = at(service, 'environment');
  const fromList = itemsOf(node).flatMap((item) => {
    const text = textOf(item);
    const plain = text === undefined ? undefined : interpolate(text);
    if (plain === undefined) return [];
    const own = assignment(plain, item.location);
    return own === undefined
      ? fromOutside(plain, item.location, interpolate)
      : { ...own, ...literally(text ?? '', interpolate) };
  });
  const fromMap = entriesOf(node).map(({ key, location, value }) => {
    const text = textOf(value);
    return text === undefined
      ? fromOutside(key, location, interpolate)
      : { name: key, value: interpolate(text), location, ...literally(text, interpolate) };
  });
  return [...fromList, ...fromMap];
}

/** A name alone has the value that it has where Compose runs, or in `.env`. */
function fromOutside(
  name: string,
  location: Location,
  interpolate: (text: string) => string,
): EnvironmentVariable {
  return { name, value: interpolate(`\${${name}}`), location };
}

/** What is in the image of a service that compose builds (https://docs.docker.com/reference/compose-file/build/). */
function builtFiles(service: DocumentNode, { context, interpolate }: Project): readonly Mount[] {
  const build = at(service, 'build');
  if (build === undefined) return [];
  const written = textOf(build) ?? textOf(at(build, 'context')) ?? '.';
  const inline = ['dockerfile_inline', 'additional_contexts', 'target'].some(
    (key) => at(build, key) !== undefined,
  );
  const directory = nextTo(service.location.file, interpolate(written));
  if (inline || directory === undefined) return filesOfImage(undefined, context);
  const name = interpolate(textOf(at(build, 'dockerfile')) ?? 'Dockerfile');
  const path = nextTo(`${directory}/compose.yaml`, name);
  const dockerfile = path === undefined ? undefined : context.find(path, service.location.file);
  if (dockerfile === undefined || dockerfile.path !== path) return filesOfImage(undefined, context);
  return filesOfImage({ directory, dockerfile }, context);
}

/** A relative path next to a file; undefined for what is not on this host. */
function nextTo(file: string, path: string): string | undefined {
  if (/[$]|:/.test(path)) return undefined;
  return normalized(path.startsWith('/') ? path : `${file.replace(/[^/]*$/, '')}${path}`) || '.';
}

/** `/path[:options]` */
function temporaryIn({ text, location }: LocatedText): Mount {
  return emptyMount(text.split(':')[0] ?? '', location);
}

/** What a service takes over from another one is not merged. */
function extended(service: DocumentNode): readonly UnreadText[] {
  const extending = at(service, 'extends');
  if (extending === undefined) return [];
  const { file, line } = extending.location;
  const reason =
    'the service extends another one, which is not merged: give the output of `docker compose config`';
  return [unreadAt(file, line, reason)];
}

/** `volumes_from` mounts all that another service or container does, at the same paths. */
function volumesOf({ text }: LocatedText): Mount {
  return { inside: '', from: 'other', source: `the volumes of ${text.replace(/:r[ow]$/, '')}` };
}

/** `host:container[:mode]`, or the long form; a source that is no path is a named volume. */
function mountOf(volume: DocumentNode, project: Project): readonly Mount[] {
  const { interpolate } = project;
  const short = textOf(volume);
  const [source = '', inside = ''] =
    short === undefined
      ? [textOf(at(volume, 'source')), textOf(at(volume, 'target'))]
      : interpolate(short).split(/:(?<!\$\{\w+:)(?!-)/);
  if (inside === '') return [];
  const type = textOf(at(volume, 'type'));
  if (type === 'tmpfs') return [emptyMount(inside, volume.location)];
  const isBind = type === 'bind';
  const path = isBind ? source : (boundTo(source, project) ?? source);
  return [engineMount(path, inside, isBind ? /^/ : /^[/.~$]/)];
}

/** The path of a mount with `:ro` or `read_only`. */
function readOnlyIn(volume: DocumentNode, { interpolate }: Project): readonly string[] {
  const short = textOf(volume);
  if (short !== undefined) return readOnlyVolume(interpolate(short));
  const isReadOnly = textOf(at(volume, 'read_only')) === 'true';
  return isReadOnly ? [(textOf(at(volume, 'target')) ?? '').replace(/\/$/, '')] : [];
}

/** The directory that a named volume is bound to (`o: bind` of the driver `local`). */
function boundTo(name: string, { document, interpolate }: Project): string | undefined {
  const options = at(document, 'volumes', name, 'driver_opts');
  const device = textOf(at(options, 'device'));
  const isBound = /\bbind\b/.test(textOf(at(options, 'o')) ?? '');
  return isBound && device !== undefined ? interpolate(device) : undefined;
}

function addressesOf(service: DocumentNode): readonly string[] {
  return entriesOf(at(service, 'networks')).flatMap(({ value }) => [
    ...[textOf(at(value, 'ipv4_address')) ?? []].flat(),
    ...[textOf(at(value, 'ipv6_address')) ?? []].flat(),
  ]);
}

/** Names that lead to a service on the networks that it shares with others. */
function hostnamesOf(
  name: string,
  service: DocumentNode,
  interpolate: (text: string) => string,
): readonly string[] {
  const aliases = entriesOf(at(service, 'networks')).flatMap(({ value }) =>
    itemsOf(at(value, 'aliases')),
  );
  const others = [at(service, 'hostname'), at(service, 'container_name'), ...aliases].flatMap(
    (node) => textOf(node) ?? [],
  );
  return [...new Set([name, ...others.map(interpolate)])];
}
