import type { Mount, TextFile, UnreadText } from '../../../model/draft.ts';
import { isOn } from '../../../model/directives.ts';
import { groupBy } from '../../../model/group-by.ts';
import type { LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { filesInside } from '../container-files.ts';
import { withRequirements } from '../before-start.ts';
import { limitsOfUnit, requiredLimits } from '../limits.ts';
import { argumentsOfInit, isWayOut, whySettingOpen } from '../nspawn-keys.ts';
import { boundingSet, emptyProcess, type Process, processesOf, userOf } from '../process.ts';
import type { SettingsContext } from '../settings-context.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { notJudgedAt } from '../unread-at.ts';
import { assignment, baseName, lineAt, locatedWords, logicalLines } from '../words.ts';
import { emptyMount } from '../volumes.ts';

export const reader: SettingsForm['read'] = readEach((file, context) => ({
  processes: containerIn(file, context),
}));

interface Directive {
  readonly section: string;
  readonly key: string;
  readonly words: readonly Required<LocatedText>[];
  readonly location: Location;
}

/** Each with its words; an empty value takes back what was said before. */
function directivesIn({ path, text }: TextFile): readonly Directive[] {
  let section = '';
  const all = logicalLines(text).flatMap((line): readonly Directive[] => {
    const header = /^\s*\[([^\]]*)\]/.exec(line.text)?.[1];
    if (header !== undefined) section = header;
    const [start = '', key] = /^\s*([A-Za-z0-9-]+)\s*=/.exec(line.text) ?? [];
    if (key === undefined) return [];
    const value = { ...line, text: ' '.repeat(start.length) + line.text.slice(start.length) };
    const location = { file: path, line: lineAt(line, 0) };
    return [{ section, key, words: locatedWords(path, value, 'systemd'), location }];
  });
  const takenBack = new Map<string, number>();
  for (const [index, { section: of, key, words }] of all.entries()) {
    if (words.length === 0) takenBack.set(`${of}.${key}`, index);
  }
  return all.filter(({ section: of, key }, index) => index > (takenBack.get(`${of}.${key}`) ?? -1));
}

function containerIn(file: TextFile, context: SettingsContext): readonly Process[] {
  const directives = directivesIn(file);
  const all = (section: string, ...keys: readonly string[]) =>
    directives.flatMap(({ section: of, key, words }) =>
      of === section && keys.includes(key) ? words : [],
    );
  const of = (section: string, key: string) =>
    directives.findLast((each) => each.section === section && each.key === key);
  const parameters = of('Exec', 'Parameters')?.words ?? [];
  const name = baseName(file.path).replace(/\.nspawn$/, '');
  const root = of('Files', 'ReadOnly');
  const base: Process = {
    ...emptyProcess('nspawn', parameters[0]?.location ?? { file: file.path }),
    label: name,
    contained: true,
    directory: all('Exec', 'WorkingDirectory').at(-1)?.text ?? '/',
    hostnames: all('Exec', 'Hostname').map(({ text }) => text),
    readOnly: all('Files', 'BindReadOnly').map((each) => boundBy(each).inside),
    ...(isSaid(root) && { rootIsReadOnly: root.location }),
    network: { of: file.path },
    mounts: [
      ...all('Files', 'Bind', 'BindReadOnly').map(boundBy),
      ...all('Files', 'TemporaryFileSystem').map(({ text, location }) =>
        emptyMount(text.split(':')[0] ?? '', location),
      ),
      ...all('Files', 'Inaccessible').map(hiddenBy),
      ...all('Files', 'Overlay', 'OverlayReadOnly').map(laidOver),
      { inside: '', from: 'host', source: `/var/lib/machines/${name}` },
    ],
    directives: [
      ...userOf(all('Exec', 'User').at(-1)),
      ...boundingSet(
        all('Exec', 'DropCapability'),
        all('Exec', 'Capability').map(({ text }) => text),
      ),
    ],
    doubts: notReadIn(file, directives),
  };
  const variables = all('Exec', 'Environment').flatMap(
    ({ text, location }) => assignment(text, location) ?? [],
  );
  const line = {
    words: parameters,
    variables,
    complete: 'as-written' as const,
    find: filesInside(base, context),
  };
  const said = directives
    .filter(({ section }) => section === 'Exec')
    .map(({ key, words, location }) => ({
      name: key,
      value: words.map(({ text }) => text).join(' '),
      location,
    }));
  return withRequirements(processesOf(base, line), requiredLimits(limitsOfUnit(said)));
}

function isSaid(directive: Directive | undefined): directive is Directive {
  return directive !== undefined && isOn({ name: '', value: directive.words[0]?.text ?? '' });
}

/** What settings leave open, at the last line of each; and what only several of them say. */
function notReadIn({ path }: TextFile, directives: readonly Directive[]): readonly UnreadText[] {
  const settings = groupBy(directives, ({ section, key }) => `${section}.${key}`);
  const open = [...settings.values()].flatMap((lines) => {
    const [{ section, key }] = lines;
    const values = lines.map(({ words }) => words.map(({ text }) => text).join(' '));
    const reason = whySettingOpen(section, key, values);
    return reason === undefined ? [] : [notJudgedAt(path, lines.at(-1)?.location.line, reason)];
  });
  const [boot, parameters, isPrivate] = ['Exec.Boot', 'Exec.Parameters', 'Network.Private'].map(
    (key) => settings.get(key)?.at(-1),
  );
  const hasWayOut = directives.some(({ section, key }) => section === 'Network' && isWayOut(key));
  return [
    ...open,
    ...(parameters !== undefined && boot === undefined
      ? [notJudgedAt(path, parameters.location.line, argumentsOfInit)]
      : []),
    ...(isSaid(isPrivate) && !hasWayOut
      ? [notJudgedAt(path, isPrivate.location.line, 'the container has no network')]
      : []),
  ];
}

function hiddenBy({ text, location }: LocatedText): Mount {
  const inside = text.replace(/^[+-]*/, '').replace(/\/$/, '');
  return {
    inside,
    from: 'inaccessible',
    source: '',
    name: 'Inaccessible',
    ...(location && { location }),
  };
}

/** `SOURCE:…[:DESTINATION]`: the last of several directories is where they are seen together. */
function laidOver({ text }: LocatedText): Mount {
  const inside = (text.split(':').at(-1) ?? '').replace(/\/$/, '');
  return { inside, from: 'other', source: `the overlay of ${inside}` };
}

/** `[+]SOURCE[:DESTINATION[:OPTIONS]]` */
function boundBy({ text }: LocatedText): Mount {
  const [source = '', inside = source] = text.replace(/^[+-]*/, '').split(':');
  return { inside: inside.replace(/\/$/, ''), from: 'host', source: source.replace(/\/$/, '') };
}
