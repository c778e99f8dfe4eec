import { naturally } from './natural-order.ts';
import { table } from './table.ts';
import { enumerate } from './words.ts';

/** A text, and the name of the member, client or file that it is about. */
export interface NamedText {
  readonly text: string;
  readonly name: string;
}

const mostDifferences = 3;
const mostGroups = 50;

/** Groups texts that differ in names and values alone, as `node1 is down` and `node2 is down` do. */
export function groupAlike<T>(items: readonly T[], read: (item: T) => NamedText): readonly T[][] {
  const groups: {
    readonly words: readonly string[];
    readonly name: string;
    readonly items: T[];
  }[] = [];
  for (const item of items) {
    const { text, name } = read(item);
    const words = text.split(' ');
    // Only the latest groups are compared, so that thousands of texts take linear time.
    const group = groups.slice(-mostGroups).find((each) => areAlike({ words, name }, each));
    if (group === undefined) groups.push({ words, name, items: [item] });
    else group.items.push(item);
  }
  return groups.map((group) => group.items);
}

interface NamedWords {
  readonly words: readonly string[];
  readonly name: string;
}

function areAlike(one: NamedWords, other: NamedWords): boolean {
  if (one.words.length !== other.words.length) return false;
  let differences = 0;
  for (const [index, word] of one.words.entries()) {
    const against = other.words[index] ?? '';
    if (word === against) continue;
    differences += 1;
    if (differences > mostDifferences) return false;
    if (!isValue(word, one.name) || !isValue(against, other.name)) return false;
  }
  return true;
}

/** A name, a number, an address or a path, as opposed to a word of the sentence. */
function isValue(word: string, name: string): boolean {
  return /[\d./=]./.test(word) || word.includes(name);
}

const plural = table<string>({ is: 'are', has: 'have', does: 'do', was: 'were' });

/** One sentence for texts that are alike: where they differ, it lists their values. */
export function mergeTexts(texts: readonly string[]): string {
  const [first = [], ...others] = [...new Set(texts)].map((text) => text.split(' '));
  const subjects = new Set([first, ...others].map(([subject]) => subject));
  return first
    .map((word, index) => {
      const values = [word, ...others.map((words) => words[index] ?? '')];
      const distinct = [...new Set(values)];
      const isVerbOfSeveral = index === 1 && subjects.size > 1;
      if (distinct.length === 1) return (isVerbOfSeveral && plural[word]) || word;
      const mark = /[,.:;]$/.exec(word)?.[0] ?? '';
      const bare = distinct.map((value) => (mark === '' ? value : value.replace(/[,.:;]$/, '')));
      return enumerate(bare.toSorted(naturally), 4) + mark;
    })
    .join(' ');
}
