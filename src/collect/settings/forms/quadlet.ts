import type { Mount, TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { defined } from '../../../etcd/defined.ts';
import { longMount, secretMount, secretVariable } from '../containers.ts';
import { filesInside } from '../container-files.ts';
import { lastOfEach, missingOf, readForDocker } from '../environment-file.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { podmanHealth, withProbes } from '../probes.ts';
import type { SettingsContext } from '../settings-context.ts';
import type { SettingsForm } from '../settings-form.ts';
import { assignment, baseName, lineAt, logicalLines, splitWords } from '../words.ts';
import { emptyMount, engineMount, readOnlyVolume } from '../volumes.ts';

/** Podman's units for containers (podman-systemd.unit(5)). */
export const form: SettingsForm = {
  name: 'quadlet',
  layer: 'starter',
  recognises: ({ text }) => /^\[Container\][ \t\r]*$/m.test(text),
  read: (files, context) => ({
    processes: unitsIn(files).flatMap((unit) => containerIn(unit, context)),
  }),
};

/** A unit with its drop-ins, or drop-ins whose unit was not given. */
interface Unit {
  readonly name: string;
  readonly isWhole: boolean;
  readonly texts: readonly [TextFile, ...TextFile[]];
}

function unitsIn(files: readonly TextFile[]): readonly Unit[] {
  const dropIns = files
    .filter(({ path }) => unitOf(path) !== undefined)
    .toSorted((left, right) => (baseName(left.path) < baseName(right.path) ? -1 : 1));
  const fragments = files.filter((file) => !dropIns.includes(file));
  const whole = fragments.map((fragment): Unit => {
    const own = dropIns.filter(
      ({ path }) =>
        rootOf(path) === rootOf(fragment.path) &&
        ['container', baseName(fragment.path)].includes(unitOf(path) ?? ''),
    );
    return { name: baseName(fragment.path), isWhole: true, texts: [fragment, ...own] };
  });
  const used = new Set(whole.flatMap(({ texts }) => texts));
  const alone = dropIns.filter((file) => !used.has(file) && unitOf(file.path) !== 'container');
  const rest = alone.map((file): Unit => {
    return { name: unitOf(file.path) ?? '', isWhole: false, texts: [file] };
  });
  return [...whole, ...rest];
}

/** `etcd.container` of `etcd.container.d/10.conf`. */
function unitOf(path: string): string | undefined {
  return /(?:^|\/)((?:[^/]+\.)?container)\.d\/[^/]+$/.exec(path)?.[1];
}

/** What is above Podman's folders, so that the files of several hosts stay apart. */
function rootOf(path: string): string {
  const folder = path.replace(/(?:[^/]+\.)?container\.d\/[^/]+$|[^/]+$/, '');
  return folder.replace(/(?:etc|run|usr\/share)\/containers\/systemd\/(?:.*\/)?$/, '');
}

interface Directive {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

function place({ file, line }: Directive): Location {
  return { file, line };
}

/** An empty value takes back what was said before. */
function withoutTakenBack(directives: readonly Directive[]): readonly Directive[] {
  const takenBack = new Map<string, number>();
  for (const [index, { key, value }] of directives.entries()) {
    if (value === '') takenBack.set(key, index);
  }
  return directives.filter(({ key }, index) => index > (takenBack.get(key) ?? -1));
}

function directivesIn({ path: file, text }: TextFile): readonly Directive[] {
  let section = '';
  return logicalLines(text).flatMap((line) => {
    const header = /^\s*\[([^\]]*)\]/.exec(line.text)?.[1];
    if (header !== undefined) section = header;
    const [, key, value = ''] = /^\s*([A-Za-z]+)\s*=(.*)$/s.exec(line.text) ?? [];
    return key === undefined || section !== 'Container'
      ? []
      : [{ key, value: value.trim(), file, line: lineAt(line, 0) }];
  });
}

function containerIn({ name, isWhole, texts }: Unit, context: SettingsContext): readonly Process[] {
  const [{ path: from }] = texts;
  const directives = withoutTakenBack(texts.flatMap(directivesIn));
  const all = (key: string) => directives.filter((directive) => directive.key === key);
  const wordsIn = (key: string, said = all(key)): readonly LocatedText[] =>
    said.flatMap((directive) =>
      splitWords(directive.value, 'systemd').map(({ text }) => ({
        text,
        location: place(directive),
      })),
    );
  const files = all('EnvironmentFile').map(({ value }) => ({
    path: value,
    file: context.find(value, from),
  }));
  const given = lastOfEach(files.flatMap(({ file: found }) => found ?? []));
  const missing = missingOf(files);
  const own = wordsIn('Environment').flatMap(({ text, location }): readonly EnvironmentVariable[] =>
    [assignment(text, location) ?? []].flat(),
  );
  const image = all('Image').at(-1);
  const user = all('User').at(-1);
  const base: Process = {
    ...emptyProcess('quadlet', image === undefined ? { file: from, line: 1 } : place(image)),
    label: name.replace(/\.container$/, ''),
    network: {
      of: from,
      ...(all('Network').some(({ value }) => value === 'host') && { isHost: true as const }),
    },
    mounts: [
      ...all('Volume').flatMap(({ value }) => volumeOf(value)),
      ...all('Mount').flatMap((each) => longMount({ text: each.value, location: place(each) })),
      ...all('Secret').flatMap(({ value }) => secretMount(value)),
      ...all('Tmpfs').map((each) => emptyMount(each.value.split(':')[0] ?? '', place(each))),
    ],
    readOnly: all('Volume').flatMap(({ value }) => readOnlyVolume(value)),
    ...defined({ directory: all('WorkingDir').at(-1)?.value }),
    contained: true,
    hostnames: all('HostName').map(({ value }) => value),
    ...(image && { image: { text: image.value, location: place(image) } }),
    ...runsAs(user && { text: user.value, location: place(user) }),
    files: [...texts, ...given].map(({ path }) => path),
    partial: !isWhole || missing.length > 0,
    missingFiles: missing,
  };
  const words = ['Entrypoint', 'Exec'].flatMap((key) => wordsIn(key, all(key).slice(-1)));
  const secrets = all('Secret').flatMap((each) =>
    secretVariable({ text: each.value, location: place(each) }),
  );
  const variables = [...given.flatMap((each) => readForDocker(each)), ...own, ...secrets];
  const line = {
    words,
    variables,
    complete: missing.length === 0 && ('as-written' as const),
    find: filesInside(base, context),
  };
  const health = all('HealthCmd').at(-1);
  return withProbes(processesOf(base, line), base, line, {
    commands:
      health === undefined ? [] : podmanHealth({ text: health.value, location: place(health) }),
  });
}

function volumeOf(value: string): readonly Mount[] {
  const [source = '', inside] = value.split(':');
  if (inside === undefined) return [];
  return [engineMount(source, inside, /^[/.~%]/)];
}
