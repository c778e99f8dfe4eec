import type { Mount, TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { longMount, secretMount, secretVariable } from '../containers.ts';
import { filesInside } from '../container-files.ts';
import { lastOfEach, missingOf, readForDocker } from '../environment-file.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { podmanHealth, withProbes } from '../probes.ts';
import type { SettingsContext } from '../settings-context.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { assignment, baseName, lineAt, logicalLines, splitWords } from '../words.ts';
import { emptyMount, engineMount } from '../volumes.ts';

/** Podman's units for containers (podman-systemd.unit(5)). */
export const form: SettingsForm = {
  name: 'quadlet',
  layer: 'starter',
  recognises: ({ text }) => /^\[Container\][ \t\r]*$/m.test(text),
  read: readEach((file, context) => ({ processes: containerIn(file, context) })),
};

interface Directive {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

function directivesIn({ text }: TextFile): readonly Directive[] {
  let section = '';
  return logicalLines(text).flatMap((line) => {
    const header = /^\s*\[([^\]]*)\]/.exec(line.text)?.[1];
    if (header !== undefined) section = header;
    const [, key, value = ''] = /^\s*([A-Za-z]+)\s*=(.*)$/s.exec(line.text) ?? [];
    return key === undefined || section !== 'Container'
      ? []
      : [{ key, value: value.trim(), line: lineAt(line, 0) }];
  });
}

function containerIn(file: TextFile, context: SettingsContext): readonly Process[] {
  const directives = directivesIn(file);
  const all = (key: string) => directives.filter((directive) => directive.key === key);
  const place = ({ line }: Directive) => ({ file: file.path, line });
  const wordsIn = (key: string): readonly LocatedText[] =>
    all(key).flatMap((directive) =>
      splitWords(directive.value, 'systemd').map(({ text }) => ({
        text,
        location: place(directive),
      })),
    );
  const files = all('EnvironmentFile').map(({ value }) => ({
    path: value,
    file: context.find(value, file.path),
  }));
  const given = lastOfEach(files.flatMap(({ file: found }) => found ?? []));
  const missing = missingOf(files);
  const own = wordsIn('Environment').flatMap(({ text, location }): readonly EnvironmentVariable[] =>
    [assignment(text, location) ?? []].flat(),
  );
  const [image] = all('Image');
  const user = all('User').at(-1);
  const base: Process = {
    ...emptyProcess('quadlet', { file: file.path, line: image?.line ?? 1 }),
    label: baseName(file.path).replace(/\.container$/, ''),
    network: {
      of: file.path,
      ...(all('Network').some(({ value }) => value === 'host') && { isHost: true as const }),
    },
    mounts: [
      ...all('Volume').flatMap(({ value }) => volumeOf(value)),
      ...all('Mount').flatMap((each) => longMount({ text: each.value, location: place(each) })),
      ...all('Secret').flatMap(({ value }) => secretMount(value)),
      ...all('Tmpfs').map((each) => emptyMount(each.value.split(':')[0] ?? '', place(each))),
    ],
    contained: true,
    hostnames: all('HostName').map(({ value }) => value),
    ...(image && { image: { text: image.value, location: place(image) } }),
    ...runsAs(user && { text: user.value, location: place(user) }),
    files: [file.path, ...given.map(({ path }) => path)],
    partial: missing.length > 0,
    missingFiles: missing,
  };
  const words = [...wordsIn('Entrypoint'), ...wordsIn('Exec')];
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
