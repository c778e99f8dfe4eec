import type { ClientDraft, MemberDraft, TextFile, UnreadText } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import {
  clientAddressIn,
  isOwnFlag,
  isProgramSource,
  isProseOrLog,
  mentionsIn,
} from './mentions.ts';
import { connectsToNothing } from './local-commands.ts';
import { type Process, programOfImage } from './process.ts';
import { isAsked, isEtcd, isWithoutEffect } from './programs.ts';
import { isShell } from './shell-calls.ts';
import { controlLine } from './unresolved.ts';
import { unreadAt } from './unread-at.ts';
import { unreadFormOf } from './unread-forms.ts';
import { baseName } from './words.ts';

/** What was read, to be compared with what there is. */
interface Read {
  readonly files: readonly TextFile[];
  readonly drafts: {
    readonly members: readonly MemberDraft[];
    readonly clients: readonly ClientDraft[];
  };
  /** Processes that came to nothing. */
  readonly processes: readonly Process[];
  readonly alreadyListed: readonly UnreadText[];
  /** Files that a client's process reads. */
  readonly understood: readonly string[];
}

/** Everything that mentions etcd's settings, or those of its clients, and came to neither. */
export function passedOver({
  files,
  drafts,
  processes,
  alreadyListed,
  understood,
}: Read): readonly UnreadText[] {
  const unknown = processes.flatMap(unknownProcess);
  const withoutRequests = placesOf(processes.filter(connectsToNothing));
  const ofDrafts = new Set([
    ...drafts.members.flatMap((member) => member.files),
    ...drafts.clients.map(({ origin }) => origin.file),
  ]);
  const decided = files.filter(({ path }) => ofDrafts.has(path)).flatMap(decidedByTemplate);
  const named = new Set([
    ...drafts.members.flatMap((member) => member.files),
    ...drafts.clients.flatMap(({ origin, endpoints, caFile, certFile, keyFile }) => [
      origin.file,
      ...[endpoints, caFile, certFile, keyFile].map((each) => each?.origin.location?.file ?? ''),
    ]),
    ...understood,
    ...[...unknown, ...alreadyListed].map(({ path }) => path),
  ]);
  // A file that holds others is understood by what is in them.
  const holders = [...named].map((path) => path.replace(/#.*$/s, ''));
  for (const path of holders) named.add(path);
  const idle = files
    .filter(({ path, text }) => !named.has(path) && !isProseOrLog(path, text))
    .flatMap((file) => unreadFile(file, withoutRequests));
  const sources = files
    .filter(({ path, text }) => !named.has(path) && isProseOrLog(path, text))
    .filter(({ path, text }) => isProgramSource(path, text))
    .flatMap((file) => unreadFile(file, withoutRequests))
    .map((text) => ({ ...text, isSource: true as const }));
  return [...withForms(unknown, files), ...decided, ...idle, ...sources];
}

/** What is unknown in a file of a form that is not read has another remedy than to write it otherwise. */
function withForms(
  texts: readonly UnreadText[],
  files: readonly TextFile[],
): readonly UnreadText[] {
  return texts.map((text) => {
    const file = text.give === undefined && files.find(({ path }) => path === text.path);
    const form = file ? unreadFormOf(file) : undefined;
    return form === undefined ? text : { ...text, give: form.give };
  });
}

function decidedByTemplate({ path, text }: TextFile): readonly UnreadText[] {
  const line = controlLine(text);
  const reason = 'a template decides which of the settings below apply';
  return line === undefined ? [] : [{ path, line, reason }];
}

/** Lines as `file:line`. */
function placesOf(processes: readonly Process[]): ReadonlySet<string> {
  return new Set(
    processes.flatMap(({ words, origin }) =>
      [origin, ...words.map(({ location }) => location ?? origin)].map(
        ({ file, line }) => `${file}:${line}`,
      ),
    ),
  );
}

function unreadFile(file: TextFile, understood: ReadonlySet<string>): readonly UnreadText[] {
  const { path, text } = file;
  const first = [...mentionsIn(text), clientAddressIn(text) ?? []]
    .flat()
    .find(({ line }) => !understood.has(`${path}:${line}`));
  if (first === undefined) return ofVariable(path);
  const { line, what } = first;
  const form = unreadFormOf(file);
  return form === undefined
    ? [unreadAt(path, line, `mentions ${what}, but is not in a known settings format`)]
    : [unreadAt(path, line, `mentions ${what}, but is ${form.name}, which is not read`, form.give)];
}

/** A file for a variable, in a directory such as envdir(8) reads. */
function ofVariable(path: string): readonly UnreadText[] {
  const name = baseName(path);
  if (!/^ETCD(?:CTL)?_[A-Z_]+$/.test(name) || mentionsIn(`${name}=`).length === 0) return [];
  const reason = `is named as the variable ${name}, and nothing that was given reads it`;
  return [{ path, reason }];
}

/** A program that is given etcd's flags and is not known to be etcd or a client of it. */
function unknownProcess(process: Process): readonly UnreadText[] {
  const { program, doubts } = process;
  if (program === 'sh' && doubts.length > 0) return doubts;
  if (connectsToNothing(process)) return [];
  return [
    ...givenFlag(process),
    ...givenVariable(process),
    ...givenAddress(process),
    ...startsUnknown(process),
  ].slice(0, 1);
}

function givenFlag({ program, words, origin }: Process): readonly UnreadText[] {
  const flag = words.find(({ text }) => isOwnFlag(/^--?([a-z][\w.-]*)/.exec(text)?.[1] ?? ''));
  const started: LocatedText | undefined =
    flag ?? words.find(({ text }) => /(?<![^/])etcd$/.test(text));
  if (started === undefined || isAsked(words.map(({ text }) => text))) return [];
  const { file, line } = started.location ?? origin;
  const reason = `${subjectOf(program)} is given \`${started.text.split('=')[0]}\`, but is not a known etcd server or client`;
  return [unreadAt(file, line, reason)];
}

/** A script that was not given, where etcd would be started by its name, unit or image. */
function startsUnknown(process: Process): readonly UnreadText[] {
  const { program = '', origin } = process;
  if (!isNamedAfterEtcd(process) || isNoScript(program)) return [];
  const { file, line } = origin;
  const reason = `starts \`${program}\`, which was not given, so that the settings of etcd in it are not known`;
  return [unreadAt(file, line, reason)];
}

function isScriptOfEtcd(program: string): boolean {
  const name = /(?<![\w.-])[\w.-]*$/.exec(program)?.[0] ?? '';
  const isScript = /\.(?:ba)?sh$/.test(name) && name.includes('etcd');
  return isScript || /^(?:start|run|launch)[-_]?etcd/.test(program);
}

function isNamedAfterEtcd({ program = '', image, label = '' }: Process): boolean {
  const unit = label.endsWith('.service') ? label.slice(0, -8).replace(/@.*$/s, '') : label;
  return [unit, programOfImage(image?.text) ?? ''].some(isEtcd) || isScriptOfEtcd(program);
}

function isNoScript(program: string): boolean {
  const isKnown = isEtcd(program) || /^etcd(?:ctl|utl)/.test(program) || isWithoutEffect(program);
  return program === '' || isShell(program) || isKnown;
}

function subjectOf(program: string | undefined): string {
  return program === undefined ? 'a process' : `\`${program}\``;
}

function givenVariable({ program, variables, origin }: Process): readonly UnreadText[] {
  const variable = variables.find(
    ({ name, value, location }) =>
      mentionsIn(`${name}=${value}`).length > 0 && location !== undefined,
  );
  if (variable === undefined) return [];
  const { file, line } = variable.location ?? origin;
  const reason = `${subjectOf(program)} is given ${variable.name}, but is not a known etcd server or client`;
  return [unreadAt(file, line, reason)];
}

/** An address of etcd's client port, among words or variables that have to do with TLS. */
function givenAddress({ program, words, variables, origin }: Process): readonly UnreadText[] {
  const all = [
    ...words,
    ...variables.map(({ name, value, ...rest }) => ({ ...rest, text: `${name}=${value}` })),
  ];
  const found = clientAddressIn(all.map(({ text }) => text).join('\n'));
  if (found === undefined || isWithoutEffect(program ?? '')) return [];
  const { file, line } = all.find(({ text }) => text.includes(found.what))?.location ?? origin;
  const reason = `${subjectOf(program)} is given ${found.what}, but is not a known etcd server or client`;
  return [unreadAt(file, line, reason)];
}

/** Each thing that is not understood once. */
export function distinctTexts(texts: readonly UnreadText[]): readonly UnreadText[] {
  return [...new Map(texts.map((text) => [JSON.stringify(text), text])).values()];
}
