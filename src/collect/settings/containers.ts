import type { Mount, TextFile, UnreadText } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import { defined } from '../../etcd/defined.ts';
import { filesInside } from './container-files.ts';
import { volumesOfOthers, whyNetworkOpen, whySecurityOpen } from './container-restrictions.ts';
import { missingOf, passedOn, readForDocker } from './environment-file.ts';
import { writtenWithin } from './prepared-files.ts';
import { boundingSet, type Process, processesOf, supplementary, userOf } from './process.ts';
import { podmanHealth, withProbes } from './probes.ts';
import { containerEngine } from './programs.ts';
import type { SettingsContext } from './settings-context.ts';
import type { ShellVariable } from './shell/run.ts';
import { emptyMount, engineMount, readOnlyVolume } from './volumes.ts';
import { assignment } from './words.ts';
import { table } from '../../model/table.ts';
import { unreadAt } from './unread-at.ts';

/** `docker run` and its like start another program in a container: that program, with what it is given. */
export function enterContainer(process: Process, context: SettingsContext): readonly Process[] {
  if (!containerEngine.test(process.program ?? '')) return [process];
  const verb = process.words.findIndex(({ text }) => /^(?:run|create|exec)$/.test(text));
  if (verb < 0) return [process];

  const { options, command } = takeApart(process.words.slice(verb + 1));
  const [image, ...words] = command;
  const valuesOf = (name: string) => options.filter((option) => option.name === name);
  const files = environmentFiles(options, process, context);
  const [user] = valuesOf('user').map(({ value }) => value);
  const mounts = options.flatMap(mountOf);
  const inside: Process = {
    ...process,
    mounts: [...mounts, ...writtenWithin(mounts, process.mounts)],
    readOnly: options.flatMap(readOnlyIn),
    ...defined({ directory: valuesOf('workdir').at(-1)?.value.text }),
    contained: true,
    addresses: [...valuesOf('ip'), ...valuesOf('ip6')].map(({ value }) => value.text),
    hostnames: [...valuesOf('hostname'), ...valuesOf('name')].map(({ value }) => value.text),
    directives: [
      ...userOf(user),
      ...valuesOf('group-add').map(({ value }) => supplementary(value)),
      ...boundingSet(
        valuesOf('cap-drop').map(({ value }) => value),
        valuesOf('cap-add').map(({ value }) => value.text),
      ),
    ],
    ...(image === undefined ? {} : { image }),
    files: [...new Set([...process.files, ...files.given.map(({ path }) => path)])],
    partial: process.partial || files.missing.length > 0,
    missingFiles: [...process.missingFiles, ...files.missing],
    doubts: [...process.doubts, ...notReadOf(options, process)],
  };
  const entry = valuesOf('entrypoint').map(({ value }) => value);
  const line = {
    find: filesInside(inside, context),
    words: [...entry, ...words],
    variables: [
      ...files.given.flatMap((file) => readForDocker(file, process.variables)),
      ...options.flatMap((option) => variableOf(option, process.variables)),
    ],
    complete: files.missing.length === 0 && ('as-written' as const),
  };
  const processes = processesOf(inside, line);
  const health = valuesOf('health-cmd').at(-1)?.value;
  return withProbes(processes, inside, line, {
    commands: health === undefined ? [] : podmanHealth(health),
  });
}

/** What the options take from the process, or bring along, and nothing here judges. */
function notReadOf(options: readonly Option[], { origin }: Process): readonly UnreadText[] {
  return options.flatMap(({ name, value }) => {
    const reason = whyNotRead(name, value.text);
    const { file: path, line } = value.location ?? origin;
    return reason === undefined ? [] : [unreadAt(path, line, reason)];
  });
}

function whyNotRead(name: string, value: string): string | undefined {
  switch (name) {
    case 'net':
    case 'network':
      return whyNetworkOpen(value);
    case 'security-opt':
      return whySecurityOpen([value]);
    case 'volumes-from':
      return volumesOfOthers;
    default:
      return undefined;
  }
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
    given: paths.flatMap(({ file }) => file ?? []),
    missing: missingOf(paths),
  };
}

interface Option {
  /** The long name. */
  readonly name: string;
  readonly value: LocatedText;
}

const alone =
  /^-[ditP]+$|^--(?:rm|detach|interactive|tty|privileged|init|read-only|publish-all|no-healthcheck|sig-proxy|oom-kill-disable|replace|rmi|no-hosts|quiet|tls-verify|read-only-tmpfs|systemd)$/;
const longNames = table<string>({
  '-e': 'env',
  '-v': 'volume',
  '-h': 'hostname',
  '-u': 'user',
  '-w': 'workdir',
});

/** Options come before the image, and all but a few have a value. */
function takeApart(words: readonly LocatedText[]): {
  readonly options: readonly Option[];
  /** The image and what is started in it. */
  readonly command: readonly LocatedText[];
} {
  const options: Option[] = [];
  let rest = words;
  while (rest[0]?.text.startsWith('-') === true) {
    const [word, next] = rest;
    const { name, attached } = optionIn(word.text);
    const value = attached === undefined ? next : { ...word, text: attached };
    const single = attached !== undefined || alone.test(name);
    if (!alone.test(name) && value !== undefined) options.push({ name: longName(name), value });
    rest = rest.slice(single ? 1 : 2);
  }
  return { options, command: rest };
}

/** `--name=value`, `--name`, `-eNAME=value`, and `-ite` with the value in the next word (spf13/pflag). */
function optionIn(text: string): { readonly name: string; readonly attached?: string | undefined } {
  const [, letter, rest = ''] = /^-[ditP]*([A-Za-z])=?(.*)$/s.exec(text) ?? [];
  if (letter === undefined || alone.test(text)) {
    const [name = '', attached] = text.split(/=(.*)/s);
    return { name, attached };
  }
  return { name: `-${letter}`, attached: rest === '' ? undefined : rest };
}

function longName(name: string): string {
  return longNames[name] ?? name.replace(/^--?/, '');
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
export function secretMount(text: string): readonly Mount[] {
  const [secret = '', ...options] = text.split(',');
  const said = (key: string) => options.find((each) => each.startsWith(`${key}=`))?.split('=')[1];
  if ((said('type') ?? 'mount') !== 'mount') return [];
  const target = said('target') ?? secret;
  const inside = target.startsWith('/') ? target : `/run/secrets/${target}`;
  return [{ inside, from: 'other', source: `the secret ${secret}` }];
}

/** `NAME,type=env[,target=VARIABLE]` */
export function secretVariable({ text, location }: LocatedText): readonly ShellVariable[] {
  const [secret = '', ...options] = text.split(',');
  if (!options.includes('type=env')) return [];
  const name = options.find((each) => each.startsWith('target='))?.split('=')[1] ?? secret;
  const doubt = `the secret ${secret} of the container engine holds the value`;
  return [{ name, value: `\${${name}}`, doubt, ...(location && { location }) }];
}

/** `type=bind,source=/etc/etcd,target=/certs` */
export function longMount({ text, location }: LocatedText): readonly Mount[] {
  const parts = new Map(
    text.split(',').map((part) => [part.split('=')[0], part.split('=')[1] ?? '']),
  );
  const source = parts.get('source') ?? parts.get('src');
  const target = parts.get('target') ?? parts.get('destination') ?? parts.get('dst');
  if (parts.get('type') === 'tmpfs') return [emptyMount(target ?? '', location)];
  return source === undefined || target === undefined ? [] : [engineMount(source, target)];
}
