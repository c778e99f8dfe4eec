import { isAsked, isEtcd } from '../programs.ts';
import type { Run } from './runtime.ts';

/**
 * How a command ends by itself. `asks`: that depends on the machine that it runs on. `serves`: it becomes etcd.
 * Programs that do something are assumed to succeed with it.
 */
export type Ending = 'succeeds' | 'fails' | 'asks' | 'serves';

/** The status of a program, or that it is etcd, which goes on; undefined where it is not known. */
export type StatusOf = (words: readonly string[]) => number | 'serves' | undefined;

/** What is known of the programs that a script starts. */
export type EndingOf = (words: readonly string[]) => Ending;

/**
 * The script always fails where it does whatever its programs do. Where it fails with programs that succeed, something
 * that it asks the machine decides.
 */
export function endingOfScript(
  endingOf: EndingOf,
  read: (statusOf: StatusOf, isSure: boolean) => Run,
): Ending {
  const sure = read((words) => certainStatus(words, endingOf), true);
  const { statuses, isLost } = sure;
  if (!isLost && statuses.length > 0 && statuses.every(isFailure)) return 'fails';
  const hopeful = read((words) => likelyStatus(words, endingOf), false);
  if (!hopeful.statuses.every((status) => status === 0)) return 'asks';
  if (hopeful.serves) return 'serves';
  // A script that never ends waits for something.
  return hopeful.statuses.length > 0 ? 'succeeds' : 'asks';
}

function isFailure(status: number | undefined): boolean {
  return status !== undefined && status !== 0;
}

function certainStatus(words: readonly string[], endingOf: EndingOf): ReturnType<StatusOf> {
  const ending = endingOf(words);
  if (ending === 'serves') return ending;
  if (ending === 'fails') return 1;
  return words[0] === 'sleep' ? 0 : undefined;
}

function likelyStatus(words: readonly string[], endingOf: EndingOf): ReturnType<StatusOf> {
  switch (endingOf(words)) {
    case 'serves':
      return 'serves';
    case 'fails':
      return 1;
    case 'asks':
      return undefined;
    case 'succeeds':
      return 0;
  }
}

/** Programs and builtins that answer a question by their status. */
const questions =
  /^(?:test|\[\[?|command|builtin|read|let|e?f?grep|pgrep|pidof|getent|id|nc|ncat|netcat|ping6?|host|nslookup|dig|which|type|cmp|diff|mountpoint|findmnt|fuser|lsof|pg_isready|rc-service|service)$/;

/** How a program ends that starts no other one. */
export function endingOfProgram([program = '', ...words]: readonly string[]): Ending {
  if (isEtcd(program)) return isAsked(words) ? 'succeeds' : 'serves';
  if (program === 'false') return 'fails';
  const asksManager = program === 'systemctl' && words.some((word) => /^is-|^status$/.test(word));
  return asksManager || questions.test(program) ? 'asks' : 'succeeds';
}
