import type { TextFile } from '../../model/draft.ts';
import type { EmbeddedText } from './settings-form.ts';
import { getOrMake } from '../../model/get-or-make.ts';
import type { SettingsContext } from './settings-context.ts';

/** Finds held files before given ones: what a holder puts on a host is next to what it starts there. */
export function embeddedContext(
  given: SettingsContext,
  embeddedTexts: readonly EmbeddedText[],
  all: readonly TextFile[],
): SettingsContext {
  const byPath = new Map(embeddedTexts.map((text) => [text.path, text]));
  return {
    find: (deployed, from, as) => {
      const [holder] = from.split('#');
      return (
        byPath.get(`${holder}#${deployed}`) ??
        byPath.get(deployed) ??
        given.find(deployed, from, as)
      );
    },
    ...(given.files && { files: given.files }),
    paths: [...(given.paths ?? []), ...all.map(({ path }) => path)],
  };
}

/** Puts places within held files where they are in the files that hold them. */
export function relocate<Data>(data: Data, embeddedTexts: readonly EmbeddedText[]): Data;
export function relocate(data: unknown, embeddedTexts: readonly EmbeddedText[]): unknown {
  const byPath = new Map(embeddedTexts.map((text) => [text.path, text]));
  return byPath.size === 0 ? data : moved(data, { byPath, known: new Map() });
}

interface Relocation {
  readonly byPath: ReadonlyMap<string, EmbeddedText>;
  /** What was made of data that several others share. */
  readonly known: Map<object, unknown>;
}

function moved(data: unknown, relocation: Relocation): unknown {
  if (typeof data !== 'object' || data === null) return data;
  return getOrMake(relocation.known, data, () =>
    Array.isArray(data)
      ? data.map((each) => moved(each, relocation))
      : movedEntries(data, relocation),
  );
}

function movedEntries(data: object, relocation: Relocation): unknown {
  const entries = Object.entries(data).map(
    ([key, value]) => [key, moved(value, relocation)] as const,
  );
  const copy = new Map<string, unknown>(entries);
  for (const name of ['file', 'path']) {
    const text = relocation.byPath.get(String(copy.get(name)));
    // A text's own path is its name; a place is a path with a reason.
    if (text === undefined || (name === 'path' && !copy.has('reason'))) continue;
    const { file, line, folded } = text.within;
    const own = copy.get('line');
    copy.set(name, file);
    copy.set('line', folded === true ? line : line + (typeof own === 'number' ? own : 1) - 1);
    copy.delete('column');
    return moved(Object.fromEntries(copy), relocation);
  }
  return Object.fromEntries(copy);
}
