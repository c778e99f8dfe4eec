import type { LocatedText } from '../../model/settings.ts';
import { wordsOf } from './shell/commands.ts';
import { type Ending, endingOfProgram } from './shell/ending.ts';
import type { ShellCommand, ShellReading } from './shell/run.ts';
import { statusOfTest } from './shell/test-command.ts';
import type { CommandLine, Starts } from './starts.ts';

/** How a program ends that starts no other one. */
export function endingAlone(
  program: string,
  rest: readonly LocatedText[],
  line: Pick<CommandLine, 'find'>,
): Ending {
  const texts = [program, ...rest.map(({ text }) => text)];
  if (!/^(?:test|\[)$/.test(program)) return endingOfProgram(texts);
  const words = texts.map((text) => ({ text, isKnown: !text.includes('$') }));
  const status = statusOfTest(words, line);
  return status === undefined ? 'asks' : status === 0 ? 'succeeds' : 'fails';
}

/** Wrappers that end as what they start. */
const endsAsWell =
  /^(?:busybox|catatonit|chpst|chroot|command|dumb-init|env|exec|gosu|ionice|nice|nohup|prlimit|runuser|s6-setuidgid|setpriv|setuidgid|stdbuf|su-exec|sudo|taskset|time|timeout|tini|tini-static|unshare)$/;

export function endingWithin(wrapper: string, inside: Ending): Ending {
  return inside === 'fails' && !endsAsWell.test(wrapper) ? 'asks' : inside;
}

/** Found once, where it is asked for. */
export function endingIn(
  reading: ShellReading,
  inside: readonly { readonly command: ShellCommand; readonly starts: Starts }[],
): Starts['ending'] {
  let found: Ending | undefined;
  return () => {
    if (found !== undefined) return found;
    const endings = new Map(
      inside.map(({ command, starts }) => [wordsOf(command.words), starts.ending]),
    );
    found = reading.ending((words) => endings.get(words.join(' '))?.() ?? endingOfProgram(words));
    return found;
  };
}
