import { wordSet } from '../../model/table.ts';
import type { LocatedText } from '../../model/settings.ts';
import type { ShellDialect, ShellStart } from './shell/run.ts';
import { baseName } from './words.ts';

export interface NamedScript extends ShellOptions {
  readonly script: LocatedText;
  readonly positional: readonly LocatedText[];
}

/** Where a shell's options end: some of them take the next word. */
function endOfOptions(words: readonly LocatedText[]): number {
  const valued = /^(?:[-+]\w*[oO]|--(?:rcfile|init-file))$/;
  return words.findIndex(
    ({ text }, at) => !/^[-+]/.test(text) && !valued.test(words[at - 1]?.text ?? ''),
  );
}

/** `sh [OPTION…] FILE [ARGUMENT…]`; with `-s` the script comes from standard input. */
export function scriptFileOf(words: readonly LocatedText[]): NamedScript | undefined {
  const index = endOfOptions(words);
  const script = words[index];
  const isInput = words
    .slice(0, Math.max(index, 0))
    .some(({ text }) => /^-[^\Ws]*s\w*$/.test(text));
  if (script === undefined || isInput) return undefined;
  return { script, positional: words.slice(index + 1), ...shellOptions(words.slice(0, index)) };
}

/** What `-e`, `-u`, `-o pipefail`, `-l`, `-i` and options such as `--norc` do. */
export type ShellOptions = Pick<
  ShellStart,
  'errexit' | 'nounset' | 'pipefail' | 'isLogin' | 'isInteractive' | 'isBare'
>;

function shellOptions(options: readonly LocatedText[]): ShellOptions {
  const texts = options.map(({ text }) => text);
  const named = texts.filter((_, at) => /^-\w*o$/.test(texts[at - 1] ?? ''));
  const has = (option: RegExp) => texts.some((text) => option.test(text));
  const isInteractive = has(/^-[^\Wi]*i\w*$/);
  return {
    errexit: named.includes('errexit') || has(/^-[^\We]*e\w*$/),
    nounset: named.includes('nounset') || has(/^-[^\Wu]*u\w*$/),
    pipefail: named.includes('pipefail'),
    isLogin: has(/^(?:-[^\Wl]*l\w*|--login)$/) && !has(/^--noprofile$/),
    isInteractive,
    isBare: has(/^(?:-[^\Wp]*p\w*|--posix)$/) || (isInteractive && has(/^--norc$/)),
  };
}

export interface InlineScript extends ShellOptions {
  readonly shell: string;
  readonly script: LocatedText;
  readonly positional: readonly LocatedText[];
  readonly user?: LocatedText;
  /** Set where the account of the user says which shell it is. */
  readonly isShellOfUser?: true;
  /** Set for `su -`, which starts its shell from an environment of its own (su(1)). */
  readonly isNewSession?: true;
}

export function isShell(program: string): boolean {
  return shells.has(program);
}

const shells = wordSet('sh bash dash zsh ksh ash mksh fish csh tcsh busybox-sh');

/** The shell that a script is for, by its first line. */
export function shellOf(text: string): string | undefined {
  const head = text.slice(0, 256);
  if (!head.includes('#!')) return undefined;
  return /^#![ \t]*(?:\S*\/)?(?:env[ \t]+(?:-S[ \t]+)?)?((?:ba|da|z|k|a|mk|fi|c|tc)?sh\r?)(?:[ \t]|$)/m.exec(
    head,
  )?.[1];
}

/** The kernel hands the interpreter what follows it on the first line as one word. */
export function interpreterOf(text: string): ShellOptions & { readonly shell: string } {
  if (!text.startsWith('#!')) return { shell: shellOf(text) ?? 'sh', ...shellOptions([]) };
  const [, option = ''] =
    /^#![ \t]*\S*\/(?:env[ \t]+(?:-S[ \t]+)?)?\w*sh[ \t]+(--?\w+)/.exec(text) ?? [];
  return { shell: shellOf(text) ?? 'sh', ...shellOptions([{ text: option }]) };
}

/** bash is itself; every other POSIX shell may be what is called `sh`. */
export function dialectOf(shell: string): ShellDialect {
  return shell === 'bash' ? 'bash' : 'sh';
}

/** `sh -c SCRIPT [NAME [ARGUMENT…]]`, `su USER -c SCRIPT`. */
export function scriptOf(program: string, words: readonly LocatedText[]): InlineScript | undefined {
  if (!isShell(program))
    return program === 'su' || program === 'runuser' ? scriptOfUser(words) : undefined;
  // A `-c` after the name of a script is an argument of the script.
  const options = words.slice(0, endOfOptions(words));
  const index = options.findIndex(({ text }) => /^-[^\Wc]*c\w*$/.test(text));
  const script = words[index + 1];
  if (index < 0 || script === undefined) return undefined;
  const positional = words.slice(index + 3);
  return { shell: program, script, positional, ...shellOptions(options) };
}

function scriptOfUser(words: readonly LocatedText[]): InlineScript | undefined {
  const index = words.findIndex(({ text }) => /^(?:-[^\Wc]*c\w*|--command)$/.test(text));
  const script = words[index + 1];
  if (index < 0 || script === undefined) return undefined;
  const user = [...words.slice(0, index), ...words.slice(index + 2)].find(
    ({ text }, at, all) =>
      !text.startsWith('-') && !/^(?:-s|--shell)$/.test(all[at - 1]?.text ?? ''),
  );
  const isNewSession = words.some(({ text }) => /^(?:-|-[^\Wl]*l\w*|--login)$/.test(text));
  const stated = shellStated(words);
  return {
    shell: stated ?? 'sh',
    ...(stated === undefined && { isShellOfUser: true }),
    script,
    positional: [],
    ...(isNewSession && { isNewSession, isLogin: true }),
    ...(user && { user }),
  };
}

/** `su -s SHELL`, `--shell=SHELL` */
function shellStated(words: readonly LocatedText[]): string | undefined {
  const at = words.findIndex(({ text }) => /^(?:-s|--shell)(?:=|$)/.test(text));
  const [, attached = words[at + 1]?.text] = words[at]?.text.split('=') ?? [];
  return at < 0 || attached === undefined ? undefined : baseName(attached);
}
