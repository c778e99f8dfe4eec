import type { LocatedText, Setting } from '../model/settings.ts';
import type { Location } from '../model/target.ts';
import { leavesUrls, readFlagValue } from './flag-values.ts';
import { type Flag, flagNamed, knows, lifetime } from './flags.ts';
import { nearest } from '../model/nearest.ts';
import { flagTable } from './flag-table.ts';
import { quote } from '../pki/go-text.ts';
import type { RawSettings, RawValue, Reading } from './raw-settings.ts';
import { problem } from './settings-problem.ts';
import { defaultUrls } from './urls.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import type { SettingsProblem } from '../model/settings-problem.ts';

/** Reads a command line as Go's flag package does, but goes on after what would have ended etcd. */
export function readFlags(words: readonly LocatedText[], version: EtcdVersion): Reading {
  const settings = new Map<string, Setting<RawValue>>();
  const problems: SettingsProblem[] = [];

  let position = 0;
  while (position < words.length) {
    const [word, next] = words.slice(position, position + 2);
    if (word?.text === '--') {
      // The flag package stops here, and etcd takes no arguments behind its flags.
      if (next !== undefined) problems.push(strayProblem(next, version));
      break;
    }
    const step = readFlag(word, next, settings, version);
    if (step.problem !== undefined) problems.push(step.problem);
    if (step.setting !== undefined) settings.set(...step.setting);
    position += step.consumed;
  }
  return { settings, problems };
}

interface Step {
  readonly consumed: number;
  readonly setting?: readonly [string, Setting<RawValue>];
  readonly problem?: SettingsProblem;
}

function readFlag(
  word: LocatedText | undefined,
  next: LocatedText | undefined,
  before: RawSettings,
  version: EtcdVersion,
): Step {
  const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word?.text ?? '');
  if (word === undefined || match === null) return { consumed: 1, ...stray(word, version) };

  const [, name = '', attached] = match;
  const flag = flagNamed(name);
  if (flag === undefined || !knows(version, flag)) return unknownFlag(word, name, flag, next);
  const set = (text: string) => assign(flag, text, word, before.get(flag.name), version);
  return attached === undefined
    ? readDetached(flag, word, next, set)
    : { consumed: 1, ...set(attached) };
}

/** A boolean reads the next word as a stray argument, never as its value. */
function readDetached(
  { kind, name }: Flag,
  { location }: LocatedText,
  next: LocatedText | undefined,
  set: (text: string) => Omit<Step, 'consumed'>,
): Step {
  if (kind === 'boolean' || kind === 'ignored') return { consumed: 1, ...set('true') };
  if (next !== undefined) return { consumed: 2, ...set(next.text) };
  return { consumed: 1, problem: refused(name, location, `flag needs an argument: -${name}`) };
}

function assign(
  flag: Flag,
  text: string,
  word: LocatedText,
  before: Setting<RawValue> | undefined,
  version: EtcdVersion,
): Omit<Step, 'consumed'> {
  const origin = {
    via: 'flag' as const,
    name: `--${flag.name}`,
    ...(word.location === undefined ? {} : { location: word.location }),
  };
  if (leavesUrls(flag, text, before?.value, version)) {
    const kept = urlsOf(flag, before);
    if (kept === undefined || kept === text) return {};
    const values = { names: kept };
    const why = text === '' ? 'empty-urls' : 'urls-kept';
    return { problem: problem('without-effect', { value: text, origin }, why, undefined, values) };
  }
  const read = readFlagValue(flag, text, version);
  if (!read.ok) {
    const says =
      flag.kind === 'boolean'
        ? `invalid boolean value ${quote(text)} for -${flag.name}: ${read.error}`
        : `invalid value ${quote(text)} for flag -${flag.name}: ${read.error}`;
    return { problem: refused(flag.name, word.location, says) };
  }
  return { setting: [flag.name, { value: read.value, origin }] };
}

/** What the flag has given before, or its default. */
function urlsOf({ name }: Flag, before: Setting<RawValue> | undefined): string | undefined {
  const usual = Object.entries(defaultUrls).find(([each]) => each === name)?.[1];
  const urls = before?.value ?? usual;
  return urls === undefined ? undefined : String(urls);
}

function stray(word: LocatedText | undefined, version: EtcdVersion): Omit<Step, 'consumed'> {
  const text = word?.text ?? '';
  if (/^--?[-=]/.test(text)) {
    return { problem: refused(text, word?.location, `bad flag syntax: ${text}`) };
  }
  return word === undefined ? {} : { problem: strayProblem(word, version) };
}

function strayProblem({ text, location }: LocatedText, version: EtcdVersion): SettingsProblem {
  const shown = isAtLeast(version, '3.6.0') ? quote(text) : `'${text}'`;
  return {
    ...refused(text, location, `${shown} is not a valid flag`),
    name: text,
    why: 'stray-argument',
  };
}

function unknownFlag(
  word: LocatedText,
  name: string,
  flag: Flag | undefined,
  next: LocatedText | undefined,
): Step {
  const takesNext = !word.text.includes('=') && next !== undefined && !next.text.startsWith('-');
  const unknown = refused(name, word.location, `flag provided but not defined: -${name}`);
  const consumed = takesNext ? 2 : 1;
  if (flag !== undefined) {
    const values = { flag: name, lifetime: lifetime(flag) };
    return { consumed, problem: { ...unknown, why: 'flag-of-other-version', values } };
  }
  const flagNames = flagTable.filter(([, kind]) => kind !== 'ignored').map(([each]) => each);
  const near = nearest(name, flagNames);
  const values = near === undefined ? {} : { values: { nearest: near } };
  return { consumed, problem: { ...unknown, why: 'unknown-flag', ...values } };
}

function refused(name: string, location: Location | undefined, says: string): SettingsProblem {
  return {
    kind: 'refused-at-start',
    name: name.startsWith('-') || /[^a-z0-9-]/.test(name) ? name : `--${name}`,
    why: 'unreadable-flag',
    etcdSays: says,
    ...(location === undefined ? {} : { location }),
  };
}
