import { table } from '../model/table.ts';

/** Most text. To read and compile the patterns for other text takes V8 several milliseconds, which such text is spared. */
const plain = /^[ -~]*$/;

/**
 * What the runner of GitHub Actions reads as a command in any line of a log: `##[` anywhere, and
 * `::` before one of its names where the line starts with it (actions/runner, ActionCommand.cs).
 */
const runnerCommand =
  /(##)\[|(:):(?=(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)(?: |::))/g;

/** Longer text than this says nothing more to a reader; names of 10 kB exist in hostile certificates. */
const longest = 1000;

/**
 * Text from anywhere as one harmless line: what cannot be seen, or would move the cursor, reorder
 * or break the line, or is a command to the runner of GitHub Actions, is shown as its escape, and what is too long is cut with its length.
 */
export function printable(text: string, limit: number = longest): string {
  const short = shorten(text, limit);
  const inert = short.includes('::') || short.includes('##[') ? withoutCommands(short) : short;
  if (plain.test(inert)) return inert;
  // Runs of combining marks would climb into the lines above and below.
  return withoutUnprintable(inert, escapeOf).replaceAll(/(\p{M}{4})\p{M}+/gu, '$1…');
}

/**
 * Replaces control characters (ANSI sequences begin with one), format characters (bidirectional overrides,
 * zero-width, tags), separators that break lines, lone surrogates, private use and unassigned ones.
 */
function withoutUnprintable(text: string, escape: (character: string) => string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, escape);
}

function withoutCommands(text: string): string {
  return text.replaceAll(runnerCommand, (_command, hashes?: string) =>
    hashes === undefined ? ':\\u{3a}' : '##\\u{5b}',
  );
}

/** The same for text that may have several lines, which stay lines. */
export function printableLines(text: string, limit: number = 1.2 * longest): readonly string[] {
  return shorten(text, limit)
    .split(/\r?\n/)
    .map((line) => printable(line, limit + 50));
}

/** The same as one text, for formats that can hold line breaks. */
export function printableText(text: string): string {
  return printableLines(text).join('\n');
}

/** A value as the JSON that commands print and write. */
export function jsonText(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** Makes the JSON text safe to show, without changing what it means: every such character becomes `\u…`. */
export function escapeJson(json: string): string {
  return withoutUnprintable(json.replaceAll('##[', '##\\u005b'), (character) =>
    character === '\n' ? character : utf16Escape(character),
  );
}

function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}… (${text.length} characters)`;
}

const named = table<string>({ '\n': '\\n', '\r': '\\r', '\t': '\\t' });

function escapeOf(character: string): string {
  return named[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function utf16Escape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}
