/**
 * A table that is asked for keys from outside. It has no prototype: a setting, a file or a log line may say
 * `constructor`, which every ordinary object has.
 */
export function table<Value>(
  entries: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const own = { ...entries };
  Object.setPrototypeOf(own, null);
  return own;
}

export type WordSet = Pick<ReadonlySet<string>, 'has'>;

/** Words to look for, written in one text with blanks between them; most are never asked for. */
export function wordSet(words: string): WordSet {
  let set: ReadonlySet<string> | undefined;
  return {
    has(word) {
      set ??= new Set(words.split(' '));
      return set.has(word);
    },
  };
}
