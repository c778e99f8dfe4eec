import { isDuration, parseBoolean, parseInteger } from '../../../etcd/go-text.ts';
import { nearest } from '../../../model/nearest.ts';
import type { ProblemReason } from '../../../model/problem-words.ts';
import type { LocatedText } from '../../../model/settings.ts';
import type { SettingsProblem } from '../../../model/settings-problem.ts';
import { quote } from '../../../pki/go-text.ts';
import { isUnresolved, openArgument } from '../unresolved.ts';

type Kind = 'text' | 'switch' | 'duration' | 'number';

const kinds: ReadonlyMap<string, Kind> = new Map([
  ...of(
    'text',
    'auth-jwt-token cacert cert discovery-srv discovery-srv-name endpoints key password user write-out ' +
      'consistency data-dir dest-cacert dest-cert dest-key dest-password dest-prefix dest-user ' +
      'initial-advertise-peer-urls initial-cluster initial-cluster-token lease load name new-user-password ' +
      'order peer-urls sort-by transformer wal-dir',
  ),
  ...of(
    'switch',
    'debug help hex insecure-discovery insecure-skip-tls-verify insecure-transport ' +
      'auto-compact auto-defrag cluster count-only dest-insecure-transport detail from-key ignore-lease ' +
      'ignore-value interactive keys keys-only learner listen mark-compacted no-descriptions no-dest-prefix ' +
      'no-password no-ttl once physical prefix prev-kv print-value-only progress-notify range ' +
      'skip-hash-check stream',
  ),
  ...['command', 'dial', 'keepalive'].flatMap((what) => of('duration', `${what}-timeout`)),
  ...of('duration', 'keepalive-time'),
  ...of(
    'number',
    'max-recv-bytes max-request-bytes bump-revision initial-memory-map-size limit max-create-rev ' +
      'max-mod-rev max-txn-ops min-create-rev min-mod-rev rev ttl',
  ),
]);

function of(kind: Kind, names: string): readonly (readonly [string, Kind])[] {
  return names.split(' ').map((name) => [name, kind] as const);
}

const letters: ReadonlyMap<string, string> = new Map([
  ['d', 'discovery-srv'],
  ['h', 'help'],
  ['i', 'interactive'],
  ['l', 'listen'],
  ['w', 'write-out'],
]);

const commands =
  /^(?:alarm|auth|check|compaction|completion|defrag|del|downgrade|elect|endpoint|get|help|lease|lock|make-mirror|member|migrate|move-leader|options|put|role|snapshot|txn|user|version|watch)$/;

const globalSwitch =
  /^(?:-h|--(?:debug|help|hex|insecure-(?:discovery|skip-tls-verify|transport)))$/;

/** Flags of API version 2, which is the default of etcdctl 3.3 (etcdctl/ctlv2/ctl.go). */
const ofVersionTwo =
  /^--?(?:ca-file|cert-file|key-file|peers?|endpoint|no-sync|total-timeout)(?:=|$)/;

/** Whether API version 3 has a flag, by its name or its letter. */
export function isFlagOfVersionThree(name: string): boolean {
  return kinds.has(name) || letters.has(name);
}

/** Whether API version 3 has a command. */
export function isCommandOfVersionThree(name: string): boolean {
  return commands.test(name);
}

/** A command line of etcdctl as it reads it. */
export interface CommandLineOfEtcdctl {
  /** Flags as `--name=value`, switches that are given alone as they are, and what is no flag. */
  readonly words: readonly LocatedText[];
  /** With what etcdctl ends before it connects. */
  readonly refused?: SettingsProblem;
}

/**
 * By the flags that any command of API version 3 has in any release from 3.3 to 3.7 (etcdctl/ctlv3). Nothing is
 * refused where an argument is not known.
 */
export function readCommandLine(words: readonly LocatedText[]): CommandLineOfEtcdctl {
  if (openArgument(words) !== undefined) return { words };
  const command = unknownCommand(words);
  const read: LocatedText[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || word.text === '--') break;
    if (!/^-./.test(word.text)) {
      read.push(word);
      continue;
    }
    const found = flagsIn(word, words[at + 1], words);
    if ('why' in found) return { words, refused: { ...found, ...says(command) } };
    read.push(...found.flags);
    if (found.takesNext) at += 1;
  }
  if (command === undefined) return { words: read };
  const why = parseBoolean(command.text) === undefined ? 'unknown-command' : 'spaced-switch';
  const refused: SettingsProblem = {
    ...refuse(command, command.text, `${why}-of-etcdctl`, ''),
    ...says(command),
  };
  return { words: read, refused };
}

/** What comes first of all, before flags are read. */
function says(command: LocatedText | undefined): Pick<SettingsProblem, 'etcdSays'> {
  if (command === undefined) return {};
  return { etcdSays: `unknown command ${quote(command.text)} for "etcdctl"` };
}

/** What etcdctl takes for its command, where it has none of that name. */
function unknownCommand(words: readonly LocatedText[]): LocatedText | undefined {
  const command = commandIn(words);
  const { text } = command ?? { text: '' };
  return text === '' || commands.test(text) || isUnresolved(text) ? undefined : command;
}

/** Until it is found, a flag that is not global takes the next word (spf13/cobra, command.go stripFlags). */
function commandIn(words: readonly LocatedText[]): LocatedText | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || word.text === '--') return undefined;
    if (!word.text.startsWith('-')) return word;
    if (/^-(?:-[^=]*|[^-=])$/.test(word.text) && !globalSwitch.test(word.text)) at += 1;
  }
  return undefined;
}

interface Flags {
  readonly flags: readonly LocatedText[];
  readonly takesNext: boolean;
}

/** What one word sets: a flag by its name, or several by their letters, of which the last may have a value. */
function flagsIn(
  word: LocatedText,
  next: LocatedText | undefined,
  words: readonly LocatedText[],
): Flags | SettingsProblem {
  const [, long, attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word.text) ?? [];
  if (long !== undefined) {
    const shown = `--${long}`;
    return flagOf(word, { name: long, shown, given: shown, attached }, next, words);
  }
  const flags: LocatedText[] = [];
  for (let rest = word.text.slice(1); rest !== ''; rest = rest.slice(1)) {
    const written = byLetter(rest);
    const found = flagOf(word, written, next, words);
    if ('why' in found || written.attached !== undefined || found.takesNext) return found;
    flags.push(...found.flags);
  }
  return { flags, takesNext: false };
}

interface Written {
  readonly name: string;
  /** As errors about its value name it. */
  readonly shown: string;
  /** As it was written. */
  readonly given: string;
  readonly attached: string | undefined;
}

function byLetter(rest: string): Written {
  const given = `-${rest.slice(0, 1)}`;
  const name = letters.get(rest.slice(0, 1)) ?? '';
  const after = rest.slice(1);
  const hasValue = after.startsWith('=') || (after !== '' && kinds.get(name) !== 'switch');
  const attached = hasValue ? after.replace(/^=/, '') : undefined;
  return { name, shown: `${given}, --${name}`, given, attached };
}

function flagOf(
  word: LocatedText,
  written: Written,
  next: LocatedText | undefined,
  words: readonly LocatedText[],
): Flags | SettingsProblem {
  const { name, shown, given, attached } = written;
  const kind = kindOf(name, words);
  if (kind === undefined) return unknownFlag(word, given);
  const isBare = attached === undefined && kind === 'switch';
  const value = isBare ? 'true' : (attached ?? next?.text);
  const fault =
    value === undefined ? withoutValue(word, written) : faultOf(name, kind, value, shown);
  if (fault !== undefined) return refuse(word, given, 'unreadable-flag-of-etcdctl', fault);
  const text = isBare ? `--${name}` : `--${name}=${value}`;
  return { flags: [{ ...word, text }], takesNext: attached === undefined && !isBare };
}

function withoutValue({ text }: LocatedText, { shown, given }: Written): string {
  return `flag needs an argument: ${given === shown ? given : `${quoted(given)} in ${text}`}`;
}

/** With two commands `--prefix` has a value (etcdctl/ctlv3/command/check.go, make_mirror_command.go). */
function kindOf(name: string, words: readonly LocatedText[]): Kind | undefined {
  const hasValue =
    name === 'prefix' && words.some(({ text }) => /^(?:check|make-mirror)$/.test(text));
  return hasValue ? 'text' : kinds.get(name);
}

const parsers: Readonly<Record<Exclude<Kind, 'text'>, (text: string) => boolean>> = {
  switch: (text) => parseBoolean(text) !== undefined,
  duration: isDuration,
  number: (text) => parseInteger(text) !== undefined,
};

function faultOf(name: string, kind: Kind, value: string, shown: string): string | undefined {
  if (isUnresolved(value)) return undefined;
  if (kind !== 'text') {
    return parsers[kind](value)
      ? undefined
      : `invalid argument ${quote(value)} for "${shown}" flag`;
  }
  if (name === 'endpoints' && value === '') return 'etcdclient: no available endpoints';
  const isFormat = /^(?:fields|json|protobuf|simple|table)$/.test(value);
  return name === 'write-out' && !isFormat ? 'unsupported output format' : undefined;
}

function unknownFlag(word: LocatedText, given: string): SettingsProblem {
  const error = given.startsWith('--')
    ? `unknown flag: ${given}`
    : `unknown shorthand flag: ${quoted(given)} in ${word.text}`;
  const name = /^-*[^=]*/.exec(word.text)?.[0] ?? word.text;
  if (ofVersionTwo.test(word.text)) return refuse(word, name, 'flag-of-api-2', error);
  const near = nearest(name.replace(/^-+/, ''), [...kinds.keys()]);
  const problem = refuse(word, name, 'unknown-flag-of-etcdctl', error);
  return near === undefined ? problem : { ...problem, values: { nearest: near } };
}

/** A letter as Go's `%q` prints it. */
function quoted(given: string): string {
  return `'${given.slice(1)}'`;
}

/** What etcdctl ends over before it connects. */
export function refuse(
  { location }: LocatedText,
  name: string,
  why: ProblemReason,
  etcdSays: string,
): SettingsProblem {
  return { kind: 'refused-at-start', name, why, etcdSays, ...(location && { location }) };
}
