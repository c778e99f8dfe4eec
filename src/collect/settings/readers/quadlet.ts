import type { TextFile, UnreadText } from '../../../model/draft.ts';
import type { Directive } from '../../../model/directives.ts';
import type { LocatedText } from '../../../model/settings.ts';
import { withRequirements } from '../before-start.ts';
import type { Option } from '../container-options.ts';
import { inContainer } from '../containers.ts';
import { withPreparedFiles } from '../prepared-files.ts';
import { surroundingsOf } from '../systemd.ts';
import { emptyProcess, type Process } from '../process.ts';
import { optionsOf, whyKeyOpen, whyServiceOpen } from '../quadlet-keys.ts';
import { withTakenAccess } from '../taken-access.ts';
import type { SettingsContext } from '../settings-context.ts';
import type { SettingsForm } from '../settings-form.ts';
import { notJudgedAt } from '../unread-at.ts';
import { baseName, lineAt, logicalLines, splitWords } from '../words.ts';

export const reader: SettingsForm['read'] = (files, context) => ({
  processes: unitsIn(files).flatMap((unit) => containerIn(unit, context)),
});

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
  return /(?<![^/])((?:[^/]+\.)?container)\.d\/[^/]+$/.exec(path)?.[1];
}

/** What is above Podman's folders, so that the files of several hosts stay apart. */
function rootOf(path: string): string {
  const folder = path.replace(/(?:[^/]+\.)?container\.d\/[^/]+$|[^/]+$/, '');
  return folder.replace(/(?:etc|run|usr\/share)\/containers\/systemd\/(?:.*\/)?$/, '');
}

interface Said extends Directive {
  readonly section: string;
}

/** An empty value takes back what was said before. */
function withoutTakenBack(directives: readonly Said[]): readonly Said[] {
  const takenBack = new Map<string, number>();
  for (const [index, { name, value }] of directives.entries()) {
    if (value === '') takenBack.set(name, index);
  }
  return directives.filter(({ name }, index) => index > (takenBack.get(name) ?? -1));
}

function directivesIn({ path: file, text }: TextFile): readonly Said[] {
  let section = '';
  return logicalLines(text).flatMap((line) => {
    const header = /^\s*\[([^\]]*)\]/.exec(line.text)?.[1];
    if (header !== undefined) section = header;
    const [, name, value = ''] = /^\s*([A-Za-z0-9-]+)\s*=(.*)$/s.exec(line.text) ?? [];
    return name === undefined
      ? []
      : [{ section, name, value: value.trim(), location: { file, line: lineAt(line, 0) } }];
  });
}

/** Podman's generator makes a unit that starts `podman run`, with an option for each key. */
function containerIn({ name, isWhole, texts }: Unit, context: SettingsContext): readonly Process[] {
  const [{ path: from }] = texts;
  const all = texts.flatMap(directivesIn);
  const of = (section: string) =>
    withoutTakenBack(all.filter((directive) => directive.section === section));
  const container = of('Container');
  const last = (key: string) => container.findLast((directive) => directive.name === key);
  const image = last('Image');
  const exec = last('Exec');
  const isOnHost = container.some(({ name: key, value }) => key === 'Network' && value === 'host');
  const base: Process = {
    ...emptyProcess('quadlet', image?.location ?? { file: from, line: 1 }),
    label: name.replace(/\.container$/, ''),
    network: { of: from, ...(isOnHost && { isHost: true as const }) },
    files: texts.map(({ path }) => path),
    partial: !isWhole,
    doubts: [
      ...container.flatMap((each) => open(each, whyKeyOpen(each))),
      ...of('Service').flatMap((each) => open(each, whyServiceOpen(each))),
    ],
  };
  // The last entry point replaces those before it.
  const entry = last('Entrypoint');
  const said = container.filter((each) => each.name !== 'Entrypoint' || each === entry);
  const started = {
    engine: 'podman',
    options: [...said.flatMap(optionsOf), ...userOption(last('User'), last('Group'))],
    ...(image && { image: textIn(image) }),
    words:
      exec === undefined
        ? []
        : splitWords(exec.value, 'systemd').map(({ text }) => textIn(exec, text)),
  };
  const unit = name.replace(/container$/, 'service');
  const { before, after, required } = surroundingsOf(texts, unit, context);
  const processes = inContainer(withPreparedFiles(base, before, after), started, context).map(
    (each) => withTakenAccess(each, before),
  );
  return withRequirements(processes, required);
}

function textIn({ value, location }: Said, text = value): LocatedText {
  return { text, ...(location && { location }) };
}

function userOption(user: Said | undefined, group: Said | undefined): readonly Option[] {
  if (user === undefined) return [];
  const text = group === undefined ? user.value : `${user.value}:${group.value}`;
  return [{ name: 'user', value: textIn(user, text) }];
}

function open({ location }: Said, reason: string | undefined): readonly UnreadText[] {
  if (reason === undefined || location === undefined) return [];
  return [notJudgedAt(location.file, location.line, reason)];
}
