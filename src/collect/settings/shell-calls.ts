import { wordSet } from '../../model/table.ts';
import type { LocatedText } from '../../model/settings.ts';
import type { ShellDialect, ShellStart } from './shell/run.ts';

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

/** What `-e`, `-u`, `-o pipefail` and `-l` do. */
export type ShellOptions = Pick<ShellStart, 'errexit' | 'nounset' | 'pipefail' | 'isLogin'>;

function shellOptions(options: readonly LocatedText[]): ShellOptions {
  const texts = options.map(({ text }) => text);
  const named = texts.filter((_, at) => /^-\w*o$/.test(texts[at - 1] ?? ''));
  return {
    errexit: named.includes('errexit') || texts.some((text) => /^-[^\We]*e\w*$/.test(text)),
    nounset: named.includes('nounset') || texts.some((text) => /^-[^\Wu]*u\w*$/.test(text)),
    pipefail: named.includes('pipefail'),
    isLogin: texts.some((text) => /^(?:-[^\Wl]*l\w*|--login)$/.test(text)),
  };
}

export interface InlineScript extends ShellOptions {
  readonly shell: string;
  readonly script: LocatedText;
  readonly positional: readonly LocatedText[];
  readonly user?: LocatedText;
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
  const ofShell = isShell(program);
  if (!ofShell && program !== 'su' && program !== 'runuser') return undefined;
  // A `-c` after the name of a script is an argument of the script.
  const options = ofShell ? words.slice(0, endOfOptions(words)) : words;
  const index = options.findIndex(
    ({ text }) => /^-[^\Wc]*c\w*$/.test(text) || (!ofShell && text === '--command'),
  );
  const script = words[index + 1];
  if (index < 0 || script === undefined) return undefined;
  const after = words.slice(index + 2);
  if (ofShell)
    return { shell: program, script, positional: after.slice(1), ...shellOptions(options) };
  const user = [...words.slice(0, index), ...after].find(
    ({ text }, at, all) =>
      !text.startsWith('-') && !/^(?:-s|--shell)$/.test(all[at - 1]?.text ?? ''),
  );
  const isNewSession = words.some(({ text }) => /^(?:-|-[^\Wl]*l\w*|--login)$/.test(text));
  return {
    shell: 'sh',
    script,
    positional: [],
    ...(isNewSession && { isNewSession, isLogin: true }),
    ...(user && { user }),
  };
}
