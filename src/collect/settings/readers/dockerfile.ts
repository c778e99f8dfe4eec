import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { defined } from '../../../model/defined.ts';
import { filesInside } from '../container-files.ts';
import { directoryOf } from '../../../deployment/roles/match-files.ts';
import { filesOfDockerfile, instructionsIn } from '../image-files.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { healthCommand, withProbes } from '../probes.ts';
import type { SettingsContext } from '../settings-context.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { directoryNamed } from '../target-paths.ts';
import { assignment, splitWords } from '../words.ts';

export const reader: SettingsForm['read'] = readEach((file, context) => ({
  processes: imageIn(file, context),
}));

interface Image {
  readonly name?: LocatedText;
  readonly variables: readonly EnvironmentVariable[];
  readonly entrypoint: readonly LocatedText[];
  readonly command: readonly LocatedText[];
  readonly user?: LocatedText;
  readonly health?: readonly LocatedText[];
  readonly directory?: string;
}

const nothing: Image = { variables: [], entrypoint: [], command: [] };

function imageIn({ path, text }: TextFile, context: SettingsContext): readonly Process[] {
  const image = instructionsIn({ path, text }).reduce<Image>((said, { name, rest, line }) => {
    const location = { file: path, line };
    return { ...said, ...sayingOf(said, name, { text: rest, location }) };
  }, nothing);
  const words = [...image.entrypoint, ...image.command];
  const [first] = words;
  if (first === undefined) return [];
  const base: Process = {
    ...emptyProcess('dockerfile', first.location ?? { file: path }),
    contained: true,
    partial: true,
    mounts: filesOfDockerfile(
      { directory: directoryOf(path), dockerfile: { path, text } },
      context,
    ),
    ...(image.name && { image: image.name }),
    ...runsAs(image.user),
    ...defined({ directory: image.directory }),
  };
  const line = {
    words,
    variables: image.variables,
    complete: false,
    find: filesInside({ ...base, contained: false }, context),
  };
  return withProbes(processesOf(base, line), base, line, {
    commands: image.health === undefined ? [] : healthCommand(image.health),
  });
}

function sayingOf(said: Image, instruction: string, rest: Required<LocatedText>): Partial<Image> {
  switch (instruction) {
    case 'FROM':
      // A later stage starts from nothing of the earlier ones.
      return { ...nothing, name: { ...rest, text: rest.text.replace(/(?<!\s)\s+AS\s.*$/is, '') } };
    case 'ENV':
      return { variables: [...said.variables, ...environmentOf(rest.text, rest.location)] };
    case 'ENTRYPOINT':
      return { entrypoint: wordsOf(rest), command: [] };
    case 'CMD':
      return { command: wordsOf(rest) };
    case 'HEALTHCHECK':
      return { health: healthOf(rest) };
    case 'WORKDIR':
      return defined({ directory: directoryNamed(rest.text, said.directory ?? '/') });
    case 'USER':
      return { user: rest };
    default:
      return {};
  }
}

/** `HEALTHCHECK [--interval=…] CMD …`, or NONE. */
function healthOf({ text, location }: Required<LocatedText>): readonly LocatedText[] {
  const command = /^(?:--\S+\s+)*CMD\s+(.*)$/s.exec(text)?.[1];
  if (command === undefined) return [];
  return [{ text: 'CMD', location }, ...wordsOf({ text: command, location })];
}

/** `["a", "b"]`, else a text for `/bin/sh -c`. */
function wordsOf({ text, location }: Required<LocatedText>): readonly LocatedText[] {
  if (!text.trim().startsWith('[')) {
    return ['/bin/sh', '-c', text].map((word) => ({ text: word, location }));
  }
  const words = text.match(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs) ?? [];
  return words.map((word) => ({ text: word.slice(1, -1).replaceAll(/\\(.)/g, '$1'), location }));
}

/** `ENV A=1 B="2"`, or `ENV A 1` with one variable. */
function environmentOf(text: string, location: Required<LocatedText>['location']) {
  const words = splitWords(text, 'shell').map((word) => word.text);
  if (words[0]?.includes('=') === true)
    return words.flatMap((word) => assignment(word, location) ?? []);
  const [, name = '', value = ''] = /^(\w+)\s+(.*)$/s.exec(text.trim()) ?? [];
  return name === '' ? [] : [{ name, value, location }];
}
