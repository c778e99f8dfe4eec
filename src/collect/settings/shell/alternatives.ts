import { bare, type Node } from './parse.ts';

/** What is left of a command's failure after what a script does about it; undefined where that was not followed. */
export type Alternative = 'fails' | 'exits' | 'succeeds' | undefined;

/** Of each command of a list, in order. */
export function afterFailure({
  first,
  rest,
}: Extract<Node, { kind: 'and-or' }>): readonly Alternative[] {
  const firstOr = rest.findIndex(({ operator }) => operator === '||');
  if (firstOr < 0) return [first, ...rest].map(() => 'fails');
  const other = rest[firstOr]?.node;
  const last = endOf(other);
  // What follows `|| true` may fail instead.
  const isKnown = last !== 'succeeds' || firstOr === rest.length - 1;
  return [first, ...rest].map((_, index) => (index <= firstOr && isKnown ? last : undefined));
}

/** How a way ends that a script takes where a command failed. */
export function endOf(node: Node | undefined): Alternative {
  if (node?.kind === 'sequence') return endOfSequence(node.items);
  if (node?.kind !== 'simple') return undefined;
  const [program, status] = bareWords(node);
  if (program === 'exit') return endOfExit(status);
  if (program === 'false') return 'fails';
  return /^(?:true|:|echo|printf)$/.test(program ?? '') ? 'succeeds' : undefined;
}

function endOfExit(status = ''): Alternative {
  if (status === '0') return 'succeeds';
  return /^[1-9]\d*$/.test(status) ? 'exits' : undefined;
}

function endOfSequence(items: readonly Node[]): Alternative {
  const [last] = items.slice(-1);
  if (items.length === 1) return endOf(last);
  // What succeeds here may have noted the failure for later.
  const isEnd = items.every(({ kind }) => kind === 'simple');
  return isEnd && endOf(last) === 'exits' ? 'exits' : undefined;
}

/** A body that does nothing but wait. */
export function isEndless(body: Node): boolean {
  if (body.kind === 'sequence') return body.items.every(isEndless);
  return /^(?:sleep|echo|printf|:|true)$/.test(bareWords(body)[0] ?? '');
}

function bareWords(node: Node | undefined): readonly (string | undefined)[] {
  return node?.kind === 'simple' ? node.words.map(bare) : [];
}
