import type { TextFile } from '../../model/draft.ts';
import type { DocumentEntry, DocumentNode } from '../../model/settings.ts';
import { getOrMake } from '../../model/get-or-make.ts';
import { readYaml } from './yaml.ts';

/**
 * As much of TOML as static configurations of programs use: tables, and keys with a text, number, truth
 * value or list on one line. Lists and texts of one line are written as in YAML, which reads them.
 */
export async function readToml({ path, text }: TextFile): Promise<DocumentNode> {
  const root = tableAt({ file: path, line: 1 });
  let table = root;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const location = { file: path, line: index + 1 };
    const header = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) table = descend(root, keysOf(header), location);

    const [, key, value = ''] = /^\s*([\w."'-]+)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (key === undefined) continue;
    const read = await readYaml({ path, text: value });
    const [node] = read.ok ? read.documents : [];
    if (node === undefined) continue;
    const keys = keysOf(key);
    const home = descend(table, keys.slice(0, -1), location);
    home.entries.push({ key: keys.at(-1) ?? '', location, value: { ...node, location } });
  }
  return { kind: 'map', entries: root.entries, location: root.location };
}

interface Table {
  readonly entries: DocumentEntry[];
  readonly location: DocumentNode['location'];
  /** The tables in it that headers and dotted keys have named. */
  readonly tables: Map<string, Table>;
}

function tableAt(location: Table['location']): Table {
  return { entries: [], location, tables: new Map() };
}

function keysOf(dotted: string): readonly string[] {
  return dotted.split('.').map((key) => key.trim().replaceAll(/["']/g, ''));
}

function descend(table: Table, keys: readonly string[], location: Table['location']): Table {
  let current = table;
  for (const key of keys) {
    const { entries, tables } = current;
    current = getOrMake(tables, key, () => {
      const child = tableAt(location);
      entries.push({ key, location, value: { kind: 'map', entries: child.entries, location } });
      return child;
    });
  }
  return current;
}
