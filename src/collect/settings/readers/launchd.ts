import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { defined } from '../../../model/defined.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';

export const reader: SettingsForm['read'] = readEach((file) => ({ processes: processesIn(file) }));

function processesIn(file: TextFile): readonly Process[] {
  const values = topLevel(elementsOf(file));
  const text = (key: string): LocatedText | undefined => values.get(key)?.[0];
  const run = values.get('ProgramArguments') ?? [];
  const program = text('Program');
  // `Program` is what runs; the first argument is then only its name.
  const words = program === undefined ? run : [program, ...run.slice(1)];
  const [first] = words;
  if (first === undefined) return [];
  const label = text('Label')?.text;
  const user = text('UserName');
  const base: Process = {
    ...emptyProcess('launchd', first.location ?? { file: file.path }),
    ...defined({ label, directory: text('WorkingDirectory')?.text }),
    ...runsAs(user),
  };
  const variables = pairsIn(values.get('EnvironmentVariables') ?? []);
  return processesOf(base, { words, variables, complete: false });
}

interface Element extends LocatedText {
  /** `open` and `close` are those of arrays and dictionaries. */
  readonly kind: 'key' | 'value' | 'open' | 'close';
}

/** Keys, texts, and the arrays and dictionaries around them; comments are none of them. */
function elementsOf({ path, text }: TextFile): readonly Element[] {
  const bare = text.replaceAll(/<!--[^]*?(?:-->|$)/g, (comment) =>
    comment.replaceAll(/[^\n]/g, ' '),
  );
  const pattern =
    /<(key|string|integer|real|date|data)>([^<]*)<\/\1>|<(true|false|string|array|dict)\s*\/>|<(\/?)(?:array|dict)>/g;
  const elements: Element[] = [];
  let [line, read] = [1, 0];
  for (const match of bare.matchAll(pattern)) {
    const [, tag, content = '', empty, slash] = match;
    line += bare.slice(read, match.index).split('\n').length - 1;
    read = match.index;
    const kind =
      tag === 'key' ? 'key' : tag !== undefined || empty ? 'value' : slash ? 'close' : 'open';
    elements.push({ kind, text: unescaped(content), location: { file: path, line } });
  }
  return elements;
}

/** What is under each key of the outermost dictionary, arrays and dictionaries laid flat. */
function topLevel(elements: readonly Element[]): ReadonlyMap<string, readonly Element[]> {
  const values = new Map<string, Element[]>();
  let depth = 0;
  let current: Element[] = [];
  for (const element of elements) {
    if (element.kind === 'open') depth += 1;
    else if (element.kind === 'close') depth -= 1;
    else if (element.kind === 'key' && depth === 1) {
      current = [];
      values.set(element.text, current);
    } else current.push(element);
  }
  return values;
}

function pairsIn(elements: readonly Element[]): readonly EnvironmentVariable[] {
  return elements.flatMap((key, index) => {
    const value = elements[index + 1];
    if (key.kind !== 'key' || value?.kind !== 'value') return [];
    return [
      { name: key.text, value: value.text, ...(value.location && { location: value.location }) },
    ];
  });
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['amp', '&'],
]);

function unescaped(text: string): string {
  return text.replaceAll(/&(\w+);/g, (written, name: string) => entities.get(name) ?? written);
}
