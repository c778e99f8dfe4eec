import type { Mount, TextFile } from '../../../model/draft.ts';
import type { LocatedText } from '../../../model/settings.ts';
import { filesInside } from '../container-files.ts';
import { emptyProcess, type Process, processesOf, userOf } from '../process.ts';
import type { SettingsContext } from '../settings-context.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { assignment, baseName, locatedWords, logicalLines } from '../words.ts';
import { emptyMount } from '../volumes.ts';

/** Settings of a container of systemd-nspawn (systemd.nspawn(5)). */
export const form: SettingsForm = {
  name: 'nspawn',
  layer: 'starter',
  recognises: ({ path, text }) => path.endsWith('.nspawn') && /^\[(?:Exec|Files)\]/m.test(text),
  read: readEach((file, context) => ({ processes: containerIn(file, context) })),
};

interface Directive {
  readonly key: string;
  readonly words: readonly Required<LocatedText>[];
}

/** Each with its words; an empty value takes back what was said before. */
function directivesIn({ path, text }: TextFile): readonly Directive[] {
  const all = logicalLines(text).flatMap((line): readonly Directive[] => {
    const [start = '', key] = /^\s*([A-Za-z]+)\s*=/.exec(line.text) ?? [];
    if (key === undefined) return [];
    const value = { ...line, text: ' '.repeat(start.length) + line.text.slice(start.length) };
    return [{ key, words: locatedWords(path, value, 'systemd') }];
  });
  const takenBack = new Map<string, number>();
  for (const [index, { key, words }] of all.entries()) {
    if (words.length === 0) takenBack.set(key, index);
  }
  return all.filter(({ key }, index) => index > (takenBack.get(key) ?? -1));
}

function containerIn(file: TextFile, context: SettingsContext): readonly Process[] {
  const directives = directivesIn(file);
  const all = (...keys: readonly string[]) =>
    directives.flatMap(({ key, words }) => (keys.includes(key) ? words : []));
  const parameters = directives.findLast(({ key }) => key === 'Parameters')?.words ?? [];
  const name = baseName(file.path).replace(/\.nspawn$/, '');
  const base: Process = {
    ...emptyProcess('nspawn', parameters[0]?.location ?? { file: file.path }),
    label: name,
    contained: true,
    directory: all('WorkingDirectory').at(-1)?.text ?? '/',
    readOnly: all('BindReadOnly').map((each) => boundBy(each).inside),
    network: { of: file.path },
    mounts: [
      ...all('Bind', 'BindReadOnly').map(boundBy),
      ...all('TemporaryFileSystem').map(({ text, location }) =>
        emptyMount(text.split(':')[0] ?? '', location),
      ),
      { inside: '', from: 'host', source: `/var/lib/machines/${name}` },
    ],
    directives: userOf(all('User').at(-1)),
  };
  const variables = all('Environment').flatMap(
    ({ text, location }) => assignment(text, location) ?? [],
  );
  const line = {
    words: parameters,
    variables,
    complete: 'as-written' as const,
    find: filesInside(base, context),
  };
  return processesOf(base, line);
}

/** `[+]SOURCE[:DESTINATION[:OPTIONS]]` */
function boundBy({ text }: LocatedText): Mount {
  const [source = '', inside = source] = text.replace(/^[+-]*/, '').split(':');
  return { inside: inside.replace(/\/$/, ''), from: 'host', source: source.replace(/\/$/, '') };
}
