import type { Layout } from './layout.ts';
import { textAt, textOfFields, unescaped } from './layout-fields.ts';
import { present } from './present.ts';
import { textLayout } from './text-layouts.ts';

/** Longest part of a line that is read: its head and, as the reason often comes last, its tail. */
const longest = { head: 6000, tail: 2000 };

/** Takes a line apart, through as many wrappers as loggers and shippers put around each other. */
export function layoutOf(raw: string): Layout {
  const cut = shortened(raw);
  return inner(cut.includes('\u001B') ? cut.replaceAll(colour, '') : cut, {}, 0);
}

/** SGR sequences: console loggers of k3s, Docker Compose and others write them into files, too. */
// oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
const colour = /\u001B\[[\d;]{0,16}m/g;

function shortened(raw: string): string {
  const { head, tail } = longest;
  return raw.length <= head + tail ? raw : `${raw.slice(0, head)} … ${raw.slice(-tail)}`;
}

type Outer = Pick<Layout, 'program' | 'process' | 'time'>;

function inner(line: string, outer: Outer, depth: number): Layout {
  const [rest, more] = (depth < mostWrappers ? withoutWrapper(line) : undefined) ?? [];
  if (rest !== undefined) return inner(rest, { ...more, ...outer }, depth + 1);
  const found = json(line, outer, depth) ?? textLayout(line);
  return { ...found, ...outer, ...present({ time: found.time ?? outer.time }) };
}

/** Wrappers taken off before the rest counts as text. */
const mostWrappers = 4;

const cri = /^(?<time>\d{4}-\d\d-\d\dT\S{8,40}) std(?:out|err) [FP] (?<rest>.*)$/s;
const exported = /^MESSAGE=(?<rest>.*)$/s;
const compose = /^(?<program>[\w.-]{1,60}) {0,40}\| (?<rest>.*)$/s;
const syslog =
  /^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d {1,4})?(?:[\w.-]{1,255} {1,4})?(?<program>[a-zA-Z][\w.@-]{0,60})\[(?<process>\d{1,10})\]: (?<rest>.*)$/s;
const untagged =
  /^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [\w.-]{1,255} (?<program>[\w.-]{1,60}): (?<rest>.*)$/s;
const wrappers = [cri, exported, syslog, untagged, compose];

function withoutWrapper(line: string): readonly [string, Outer] | undefined {
  for (const wrapper of wrappers) {
    const { rest, program, process, time } = wrapper.exec(line)?.groups ?? {};
    if (rest === undefined) continue;
    return [rest, present({ program, process, time })];
  }
  return undefined;
}

/** zap, slog, klog and logrus as JSON, and what Docker, journald and log shippers make of any line. */
function json(line: string, outer: Outer, depth: number): Layout | undefined {
  const at = line.search(/\{ {0,2}"/);
  if (at < 0) return undefined;
  const end = line.lastIndexOf('}');
  const fields = parsed(line.slice(at, end + 1)) ?? piecesOf(line.slice(at));
  if (fields === undefined) return undefined;

  const wrapped = wrappedIn(fields);
  if (wrapped !== undefined && depth < mostWrappers) {
    const program = textAt(fields, 'SYSLOG_IDENTIFIER', '_COMM') ?? outer.program;
    return inner(wrapped.trimEnd(), { ...outer, ...present({ program }) }, depth + 1);
  }
  const message = textAt(fields, 'msg', 'message', 'error', 'err', 'stderr', 'reason');
  if (message === undefined) return undefined;
  const before = line.slice(0, at).trim();
  const text = textOfFields(message, fields);
  return {
    form: 'zap',
    text: before === '' ? text : `${before} ${text}`,
    fields,
    ...present({
      caller: textAt(fields, 'caller', 'source'),
      time: textAt(fields, 'ts', 'time', 'timestamp'),
      level: textAt(fields, 'level', 'severity'),
    }),
  };
}

/** The line that Docker, journald or a log shipper put into a field. */
function wrappedIn(fields: ReadonlyMap<string, unknown>): string | undefined {
  return textAt(fields, 'log', 'MESSAGE') ?? bytesOf(fields.get('MESSAGE')) ?? objectIn(fields);
}

/** A line of JSON as the message of another, as shippers write it, or taken apart in it, as Google Cloud Logging does. */
function objectIn(fields: ReadonlyMap<string, unknown>): string | undefined {
  const payload = fields.get('jsonPayload');
  if (typeof payload === 'object' && payload !== null) return JSON.stringify(payload);
  const message = textAt(fields, 'message', 'line', 'textPayload') ?? '';
  return /^\s{0,4}\{ {0,2}"/.test(message) ? message : undefined;
}

/** journald gives what is not printable UTF-8, such as colours, as numbers (systemd.io/JOURNAL_EXPORT_FORMATS). */
function bytesOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const bytes = value.filter((item) => typeof item === 'number');
  return bytes.length === 0
    ? undefined
    : new TextDecoder().decode(Uint8Array.from(bytes)).replaceAll(colour, '');
}

function parsed(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined; // cut off, or no JSON after all: what can be parsed is
  }
}

/** Name and text pairs of an object that was cut off. */
function piecesOf(text: string): ReadonlyMap<string, unknown> | undefined {
  const fields = new Map<string, unknown>();
  for (const [, name = '', value = ''] of text.matchAll(
    /"([\w.-]{1,40})": {0,2}"((?:[^"\\]|\\.){0,4000})(?:"|$)/g,
  )) {
    if (!fields.has(name)) fields.set(name, unescaped(value));
  }
  return fields.size < 2 ? undefined : fields;
}
