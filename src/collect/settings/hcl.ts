import type { TextFile } from '../../model/draft.ts';
import type { DocumentEntry, DocumentNode } from '../../model/settings.ts';
import { table } from '../../model/table.ts';
import type { Location } from '../../model/target.ts';

/** A block of HashiCorp's configuration language, such as `task "etcd" { … }`. */
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly location: Location;
  /** A map; what is no literal is kept in it as a template, `${…}`. */
  readonly attributes: DocumentNode;
  readonly blocks: readonly HclBlock[];
}

export type HclReading =
  | { readonly ok: true; readonly body: HclBlock }
  | { readonly ok: false; readonly line: number };

/**
 * Reads the syntax of HCL (hashicorp/hcl hclsyntax/spec.md): literals as what they are, and every other
 * expression as its text. Never rejects over what the text holds.
 */
export function readHcl(file: TextFile): HclReading {
  const reader = new HclReader(file);
  try {
    return { ok: true, body: reader.read() };
  } catch (error) {
    if (!(error instanceof NoHcl)) throw error;
    return { ok: false, line: reader.line() };
  }
}

/** The blocks of a type below a block. */
export function blocksOf(block: HclBlock | undefined, type: string): readonly HclBlock[] {
  return block?.blocks.filter((each) => each.type === type) ?? [];
}

class NoHcl extends Error {}

/** No job nests deeper. */
const deepest = 60;

const blank = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const identifier = /[A-Za-z_][\w-]*/y;
const quoted = /"(?:[^"\\$%\n]|\\.|[$%](?!\{)|[$%]\{(?:[^{}\n]|\{[^{}\n]*\})*\})*"/y;
const heredoc = /<<(-?)([A-Za-z_][\w-]*)[ \t]*\r?\n/y;
const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** What may follow a value on its line. */
const end = /[ \t]*(?=[\r\n,\]})]|$|#|\/\/|\/\*)/y;

class HclReader {
  readonly #file: string;
  readonly #text: string;
  /** Where lines begin. */
  readonly #starts: readonly number[];
  #at = 0;
  #depth = 0;

  constructor({ path, text }: TextFile) {
    this.#file = path;
    this.#text = text;
    this.#starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  line(): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= this.#at) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  read(): HclBlock {
    return this.#body('', [], { file: this.#file, line: 1 });
  }

  #place(): Location {
    return { file: this.#file, line: this.line() };
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #skip(): void {
    this.#take(blank);
  }

  #next(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #body(type: string, labels: readonly string[], location: Location): HclBlock {
    const entries: DocumentEntry[] = [];
    const blocks: HclBlock[] = [];
    this.#nest();
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length ? type === '' : type !== '' && this.#next('}')) break;
      const place = this.#place();
      const key = this.#key();
      this.#skip();
      if (this.#next('=')) entries.push({ key, location: place, value: this.#value() });
      else blocks.push(this.#block(key, place));
    }
    this.#depth -= 1;
    return { type, labels, location, attributes: { kind: 'map', location, entries }, blocks };
  }

  #nest(): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw new NoHcl();
  }

  #key(): string {
    const name = this.#take(identifier)?.[0];
    if (name !== undefined) return name;
    const text = this.#take(quoted)?.[0];
    if (text === undefined) throw new NoHcl();
    return unescaped(text);
  }

  #block(type: string, location: Location): HclBlock {
    const labels: string[] = [];
    while (!this.#next('{')) {
      labels.push(this.#key());
      this.#skip();
    }
    return this.#body(type, labels, location);
  }

  #value(): DocumentNode {
    this.#skip();
    const start = this.#at;
    const location = this.#place();
    const literal = this.#literal(location);
    if (literal !== undefined && (literal.isWhole === true || this.#take(end) !== undefined)) {
      return literal.node;
    }
    this.#at = start;
    return { kind: 'scalar', location, value: `\${${this.#expression()}}` };
  }

  #literal(
    location: Location,
  ): { readonly node: DocumentNode; readonly isWhole?: boolean } | undefined {
    const text = this.#take(quoted)?.[0];
    if (text !== undefined) return { node: { kind: 'scalar', location, value: unescaped(text) } };
    const block = this.#heredoc(location);
    if (block !== undefined) return { node: block, isWhole: true };
    if (this.#next('[')) return this.#list(location);
    if (this.#next('{')) return this.#object(location);
    return this.#plain(location);
  }

  #plain(location: Location): { readonly node: DocumentNode } | undefined {
    const digits = this.#take(number)?.[0];
    if (digits !== undefined) {
      return { node: { kind: 'scalar', location, value: Number(digits), asText: digits } };
    }
    const word = this.#take(identifier)?.[0];
    const value = word === undefined ? undefined : words[word];
    return value === undefined ? undefined : { node: { kind: 'scalar', location, value } };
  }

  #list(location: Location) {
    if (this.#take(/\s*for\b/y) !== undefined) return undefined;
    const items: DocumentNode[] = [];
    this.#nest();
    for (this.#skip(); !this.#next(']'); this.#skip()) {
      items.push(this.#value());
      this.#skip();
      if (this.#next(',')) continue;
      if (this.#text[this.#at] !== ']') throw new NoHcl();
    }
    this.#depth -= 1;
    return { node: { kind: 'list' as const, location, items } };
  }

  #object(location: Location) {
    if (this.#take(/\s*for\b/y) !== undefined) return undefined;
    const entries: DocumentEntry[] = [];
    this.#nest();
    for (this.#skip(); !this.#next('}'); this.#skip()) {
      const place = this.#place();
      const key = this.#key();
      this.#skip();
      if (!this.#next('=') && !this.#next(':')) throw new NoHcl();
      entries.push({ key, location: place, value: this.#value() });
      this.#skip();
      this.#next(',');
    }
    this.#depth -= 1;
    return { node: { kind: 'map' as const, location, entries } };
  }

  /** With a minus the least indentation is taken off all lines. */
  #heredoc(location: Location): DocumentNode | undefined {
    const [, minus, word] = this.#take(heredoc) ?? [];
    if (word === undefined) return undefined;
    const lines: string[] = [];
    for (;;) {
      if (this.#at >= this.#text.length) throw new NoHcl();
      const stop = this.#text.indexOf('\n', this.#at);
      const until = stop < 0 ? this.#text.length : stop;
      const line = this.#text.slice(this.#at, until).replace(/\r$/, '');
      if (line.trim() === word) {
        this.#at += line.length;
        break;
      }
      this.#at = until + 1;
      lines.push(line);
    }
    const indents = lines
      .filter((line) => line.trim() !== '')
      .map((line) => line.length - line.trimStart().length);
    const least = minus === '-' ? indents.reduce((one, other) => Math.min(one, other), 1000) : 0;
    const value = lines.map((line) => `${line.slice(least)}\n`).join('');
    return { kind: 'scalar', location, value, isBlock: true };
  }

  /** The text of whatever is no literal, up to the end of its line outside all brackets. */
  #expression(): string {
    const start = this.#at;
    let open = 0;
    while (this.#at < this.#text.length) {
      if (this.#take(quoted) !== undefined) continue;
      const character = this.#text[this.#at] ?? '';
      if ('([{'.includes(character)) open += 1;
      else if (')]}'.includes(character)) {
        if (open === 0) break;
        open -= 1;
      } else if (open === 0 && '\n,'.includes(character)) break;
      this.#at += 1;
    }
    if (this.#at === start) throw new NoHcl();
    return this.#text.slice(start, this.#at).trim();
  }
}

const words = table<boolean | null>({ true: true, false: false, null: null });

const escapes = table<string>({ n: '\n', r: '\r', t: '\t' });

function unescaped(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/gs, (_, character: string) => {
    return escapes[character] ?? character;
  });
}
