import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

export interface StringLiteral {
  readonly file: string;
  readonly line: number;
  /** The text as printed; each expression of a template is `…`. */
  readonly text: string;
}

/** Every string and template in the TypeScript files of a folder, without import paths and types. */
export async function stringLiterals(folder: string): Promise<readonly StringLiteral[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (name) => {
      const file = join(folder, name);
      return literalsIn(file, await readFile(file, 'utf8'));
    }),
  );
  return found.flat();
}

function literalsIn(file: string, source: string): readonly StringLiteral[] {
  const found: StringLiteral[] = [];
  const add = (start: number, text: string): void => {
    found.push({ file, line: source.slice(0, start).split('\n').length, text });
  };
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
  const visitor = new Visitor({
    Literal(node) {
      if (typeof node.value === 'string') add(node.start, node.value);
    },
    TemplateLiteral(node) {
      add(node.start, node.quasis.map(({ value }) => value.cooked ?? '').join('…'));
    },
  });
  visitor.visit(program);
  return found;
}
