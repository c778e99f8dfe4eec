import type { Mount, TextFile, UnreadText } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import { requiredShell } from './image-shell.ts';
import { defined } from '../../model/defined.ts';
import { environmentIn, filesInside } from './container-files.ts';
import { isSet, type Option, takeApart, whyOptionOpen } from './container-options.ts';
import { takeApartForCtr } from './ctr-options.ts';
import { lastOfEach, missingOf, passedOn, readForDocker } from './environment-file.ts';
import { writtenWithin } from './prepared-files.ts';
import { boundingSet, type Process, processesOf, supplementary, userOf } from './process.ts';
import { podmanHealth, withProbes } from './probes.ts';
import { containerEngines } from './programs.ts';
import { withRequirements } from './before-start.ts';
import { type Limit, limitOf, limitOfEngine, requiredLimits } from './limits.ts';
import type { SettingsContext } from './settings-context.ts';
import type { ShellVariable } from './shell/run.ts';
import { emptyMount, engineMount, readOnlyVolume } from './volumes.ts';
import { userBesideRoot } from './taken-access.ts';
import { isOfUserManager } from './user-manager.ts';
import { assignment } from './words.ts';
import { notJudgedAt } from './unread-at.ts';

/** `docker run` and its like start another program in a container: that program, with what it is given. */
export function enterContainer(process: Process, context: SettingsContext): readonly Process[] {
  const { program: engine = '' } = process;
  if (!containerEngines.has(engine)) return [process];
  const verb = process.words.findIndex(({ text }) => /^(?:run|create|exec)$/.test(text));
  if (verb < 0) return [process];

  const given = process.words.slice(verb + 1);
  const { options, command } =
    engine === 'ctr' ? takeApartForCtr(process.words[verb]?.text ?? '', given) : takeApart(given);
  const [named, ...words] = command;
  const isEntered = process.words[verb]?.text === 'exec';
  const inside = isEntered ? { entered: true as const } : named && { image: named };
  return inContainer(process, { engine, options, words, ...inside }, context);
}

/** What a container engine is given to start. */
interface Started {
  readonly engine: string;
  readonly options: readonly Option[];
  readonly image?: LocatedText;
  /** Set where the container runs already. */
  readonly entered?: true;
  readonly words: readonly LocatedText[];
}

/** The processes of a container, started by what stands in `process`. */
export function inContainer(
  process: Process,
  { engine, options, image, entered, words }: Started,
  context: SettingsContext,
): readonly Process[] {
  const valuesOf = (name: string) => options.filter((option) => option.name === name);
  const files = environmentFiles(options, process, context);
  const [user] = valuesOf('user').map(({ value }) => value);
  const mounts = options.flatMap(mountOf);
  const root = valuesOf('read-only').findLast(({ value }) => isSet(value.text));
  const { directory: _outside, ...rest } = process;
  const inside: Process = {
    ...rest,
    mounts: [...mounts, ...writtenWithin(mounts, process.mounts)],
    readOnly: options.flatMap(readOnlyIn),
    ...(root && { rootIsReadOnly: root.value.location ?? process.origin }),
    ...defined({ directory: valuesOf('workdir').at(-1)?.value.text }),
    contained: true,
    addresses: [...valuesOf('ip'), ...valuesOf('ip6')].map(({ value }) => value.text),
    hostnames: [...valuesOf('hostname'), ...valuesOf('name')].map(({ value }) => value.text),
    directives: [
      ...userOf(user),
      ...[...valuesOf('group-add'), ...valuesOf('group')].map(({ value }) => supplementary(value)),
      ...boundingSet(
        valuesOf('cap-drop').map(({ value }) => value),
        valuesOf('cap-add').map(({ value }) => value.text),
      ),
    ],
    ...defined({ image, entered }),
    files: [...new Set([...process.files, ...files.given.map(({ path }) => path)])],
    partial: process.partial || files.missing.length > 0,
    missingFiles: [...process.missingFiles, ...files.missing],
    doubts: [...process.doubts, ...notReadOf(options, process), ...rootless(engine, process)],
  };
  const entry = valuesOf('entrypoint').map(({ value }) => value);
  const line = {
    find: filesInside(inside, context),
    words: [...entry, ...words],
    variables: [
      ...files.given.flatMap((file) => readForDocker(file, process.variables)),
      ...options.flatMap((option) => variableOf(option, process.variables)),
    ],
    complete: files.missing.length === 0 && environmentIn(image?.text),
  };
  const processes = withRequirements(processesOf(inside, line), [
    ...requiredLimits(limitsIn(options)),
    ...requiredShell(inside, line),
  ]);
  const health = ['health-cmd', 'health-startup-cmd'].flatMap((name) => valuesOf(name).slice(-1));
  return withProbes(processes, inside, line, {
    commands: health.flatMap(({ value }) => podmanHealth(value)),
  });
}

/** How much the options leave to the container (docker-run(1)). */
function limitsIn(options: readonly Option[]): readonly Limit[] {
  return options.flatMap(({ name, written = `--${name}`, value }) => {
    switch (name) {
      case 'memory':
      case 'limit-memory':
        return limitOf(written, 'memory', value);
      case 'pids-limit':
      case 'limit-pids':
        return limitOf(written, 'tasks', value);
      case 'ulimit':
        return limitOfEngine('--ulimit', value);
      default:
        return [];
    }
  });
}

/** What the options take from the process, or bring along, and nothing here judges. */
function notReadOf(options: readonly Option[], { origin }: Process): readonly UnreadText[] {
  return options.flatMap((option) => {
    const reason = whyOptionOpen(option);
    const { file: path, line } = option.value.location ?? origin;
    return reason === undefined ? [] : [notJudgedAt(path, line, reason)];
  });
}

/** An engine without a daemon is its user's, and so are those who run in its containers. */
function rootless(engine: string, { directives, origin }: Process): readonly UnreadText[] {
  if (!/^(?:podman|nerdctl)$/.test(engine)) return [];
  const user = userBesideRoot(directives ?? []);
  if (user === undefined && !isOfUserManager(origin.file)) return [];
  const reason = `${engine} runs without root, so that users of the container are others on the host, which is not judged`;
  return [notJudgedAt(origin.file, origin.line, reason)];
}

function environmentFiles(
  options: readonly Option[],
  { origin }: Process,
  context: SettingsContext,
): { readonly given: readonly TextFile[]; readonly missing: readonly string[] } {
  const paths = options
    .filter(({ name }) => name === 'env-file')
    .map(({ value }) => ({ path: value.text, file: context.find(value.text, origin.file) }));
  return {
    given: lastOfEach(paths.flatMap(({ file }) => file ?? [])),
    missing: missingOf(paths),
  };
}

function variableOf(
  { name, value: { text, location } }: Option,
  outside: readonly ShellVariable[],
): readonly ShellVariable[] {
  if (name === 'secret') return secretVariable({ text, ...(location && { location }) });
  if (name !== 'env') return [];
  return [assignment(text, location) ?? passedOn(text, outside, location)];
}

function mountOf({ name, value }: Option): readonly Mount[] {
  if (name === 'mount') return longMount(value);
  if (name === 'secret') return secretMount(value.text);
  if (name === 'tmpfs') return [emptyMount(value.text.split(':')[0] ?? '', value.location)];
  if (name !== 'volume') return [];
  const [source = '', inside] = value.text.split(':');
  return inside === undefined ? [] : [engineMount(source, inside)];
}

function readOnlyIn({ name, value: { text } }: Option): readonly string[] {
  if (name === 'volume') return readOnlyVolume(text);
  return name === 'mount' && /(?:^|,)(?:readonly|ro)(?:=true|=1)?(?:,|$)/.test(text)
    ? mountOf({ name, value: { text } }).map(({ inside }) => inside)
    : [];
}

/** `NAME[,type=mount][,target=PATH]`, from Podman's own store (podman-run(1)). */
function secretMount(text: string): readonly Mount[] {
  const [secret = '', ...options] = text.split(',');
  const said = (key: string) => options.find((each) => each.startsWith(`${key}=`))?.split('=')[1];
  if ((said('type') ?? 'mount') !== 'mount') return [];
  const target = said('target') ?? secret;
  const inside = target.startsWith('/') ? target : `/run/secrets/${target}`;
  return [{ inside, from: 'other', source: `the secret ${secret}` }];
}

/** `NAME,type=env[,target=VARIABLE]` */
function secretVariable({ text, location }: LocatedText): readonly ShellVariable[] {
  const [secret = '', ...options] = text.split(',');
  if (!options.includes('type=env')) return [];
  const name = options.find((each) => each.startsWith('target='))?.split('=')[1] ?? secret;
  const doubt = `the secret ${secret} of the container engine holds the value`;
  return [{ name, value: `\${${name}}`, doubt, ...(location && { location }) }];
}

/** `type=bind,source=/etc/etcd,target=/certs` */
function longMount({ text, location }: LocatedText): readonly Mount[] {
  const parts = new Map(
    text.split(',').map((part) => [part.split('=')[0], part.split('=')[1] ?? '']),
  );
  const source = parts.get('source') ?? parts.get('src');
  const target = parts.get('target') ?? parts.get('destination') ?? parts.get('dst');
  if (parts.get('type') === 'tmpfs') return [emptyMount(target ?? '', location)];
  return source === undefined || target === undefined ? [] : [engineMount(source, target)];
}
