import { isDuration, parseBoolean } from '../../../etcd/go-text.ts';
import { nearest } from '../../../model/nearest.ts';
import type { LocatedText } from '../../../model/settings.ts';
import type { SettingsProblem } from '../../../model/settings-problem.ts';
import { quote } from '../../../pki/go-text.ts';
import { isUnresolved, openArgument } from '../unresolved.ts';
import {
  type CommandLineOfEtcdctl,
  isCommandOfVersionThree,
  isFlagOfVersionThree,
  refuse,
} from './etcdctl-command-line.ts';

/** Flags before the command (etcdctl/ctlv2/ctl.go). */
const switches: ReadonlySet<string> = new Set(
  'debug no-sync insecure-discovery help h version v'.split(' '),
);
const durations: ReadonlySet<string> = new Set(['timeout', 'total-timeout']);
const texts: ReadonlySet<string> = new Set(
  'ca-file cert-file key-file endpoints endpoint peers discovery-srv output username'.split(' '),
);
const letters: ReadonlyMap<string, string> = new Map([
  ['C', 'peers'],
  ['D', 'discovery-srv'],
  ['o', 'output'],
  ['u', 'username'],
]);

const commands =
  /^(?:auth|backup|cluster-health|exec-watch|get|help|h|ls|member|mk|mkdir|rm|rmdir|role|set|setdir|update|updatedir|user|watch)$/;

/** Flags of its commands whose names API version 3 has as well (etcdctl/ctlv2/command). */
const ofCommands = /^(?:data-dir|wal-dir|ttl)$/;

/** A command line of etcdctl with API version 2 as Go's package flag and urfave/cli read it, as far as the command. */
export function readVersionTwo(words: readonly LocatedText[]): CommandLineOfEtcdctl {
  if (openArgument(words) !== undefined) return { words };
  const read: LocatedText[] = [];
  let left = words;
  for (;;) {
    const [word, next] = left;
    if (word === undefined || !/^-./.test(word.text)) break;
    left = left.slice(1);
    if (word.text === '--') break;
    const flag = readFlag(word, next?.text);
    if ('why' in flag) return { words, refused: flag };
    read.push({ ...word, text: `--${flag.name}=${flag.value}` });
    if (flag.takesNext) left = left.slice(1);
  }
  const refused = refusedCommand(left);
  return { words: read, ...(refused && { refused }) };
}

interface Flag {
  readonly name: string;
  readonly value: string;
  readonly takesNext: boolean;
}

function readFlag(word: LocatedText, next: string | undefined): Flag | SettingsProblem {
  const { name, value: attached } = flagIn(word.text);
  const isSwitch = switches.has(name);
  if (!isSwitch && !durations.has(name) && !texts.has(name)) return unknownFlag(word);
  const value = attached ?? (isSwitch ? 'true' : next);
  if (value === undefined) return unreadable(word, `flag needs an argument: -${name}`);
  const fault = isUnresolved(value) ? undefined : faultOf(name, value);
  if (fault !== undefined) return unreadable(word, fault);
  return { name, value, takesNext: attached === undefined && !isSwitch };
}

function unreadable(word: LocatedText, fault: string): SettingsProblem {
  return refuse(word, word.text, 'unreadable-flag-of-etcdctl', fault);
}

function flagIn(text: string): { readonly name: string; readonly value: string | undefined } {
  const [, written = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  return { name: letters.get(written) ?? written, value };
}

function faultOf(name: string, value: string): string | undefined {
  if (switches.has(name) && parseBoolean(value) === undefined) {
    return `invalid boolean value ${quote(value)} for -${name}`;
  }
  return durations.has(name) && !isDuration(value)
    ? `invalid value ${quote(value)} for flag -${name}`
    : undefined;
}

function unknownFlag(word: LocatedText): SettingsProblem {
  const [shown = ''] = word.text.split('=');
  const { name } = flagIn(word.text);
  const error = `flag provided but not defined: -${name}`;
  if (isFlagOfVersionThree(name)) return refuse(word, shown, 'flag-of-api-3', error);
  const near = nearest(name, [...switches, ...durations, ...texts]);
  const problem = refuse(word, shown, 'unknown-flag-of-etcdctl', error);
  return near === undefined ? problem : { ...problem, values: { nearest: near } };
}

/** Of the flags after a command those are known that API version 3 has. */
function refusedCommand(words: readonly LocatedText[]): SettingsProblem | undefined {
  const [command, ...rest] = words;
  if (command === undefined || isUnresolved(command.text)) return undefined;
  const { text } = command;
  if (!commands.test(text)) {
    const why = isCommandOfVersionThree(text) ? 'command-of-api-3' : 'unknown-command-of-etcdctl';
    return refuse(command, text, why, `No help topic for '${text}'`);
  }
  const hasCommands = /^(?:auth|member|role|user)$/.test(text);
  const flags = rest.slice(hasCommands && rest[0]?.text.startsWith('-') === false ? 1 : 0);
  const end = flags.findIndex((word) => !word.text.startsWith('-'));
  const wrong = flags.slice(0, end < 0 ? flags.length : end).find(isOfThreeAlone);
  return wrong && unknownFlag(wrong);
}

function isOfThreeAlone({ text }: LocatedText): boolean {
  const { name } = flagIn(text);
  return isFlagOfVersionThree(name) && !switches.has(name) && !ofCommands.test(name);
}
