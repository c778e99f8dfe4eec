import { present } from './present.ts';

/** What a line says once its wrappers are off: journald, containers, syslog, JSON, logfmt and klog. */
export interface Layout {
  readonly form: 'zap' | 'logfmt' | 'bracketed' | 'klog' | 'capnslog' | 'go' | 'text';
  /** Message, error and every other field that carries content, without escapes. */
  readonly text: string;
  /** Fields by name; hostile. Empty where the form has none. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** Name of the process, where a wrapper says it. */
  readonly program?: string;
  /** Source file or package that logged, e.g. `embed/config_logging.go:169`, `rafthttp`. */
  readonly caller?: string;
  readonly time?: string;
  readonly level?: string;
}

/** Longest part of a line that is read: its head and, as the reason often stands last, its tail. */
const longest = { head: 6000, tail: 2000 };

/** Takes a line apart, through as many wrappers as loggers and shippers put around each other. */
export function layoutOf(raw: string): Layout {
  const cut = shortened(raw);
  return inner(cut.includes('\u001B') ? cut.replaceAll(colour, '') : cut, {}, 0);
}

/** SGR sequences: console loggers of k3s, Docker Compose and others write them into files, too. */
// oxlint-disable-next-line no-control-regex
const colour = /\u001B\[[\d;]{0,16}m/g;

function shortened(raw: string): string {
  const { head, tail } = longest;
  return raw.length <= head + tail ? raw : `${raw.slice(0, head)} … ${raw.slice(-tail)}`;
}

type Outer = Pick<Layout, 'program' | 'time'>;

function inner(line: string, outer: Outer, depth: number): Layout {
  const [rest, more] = (depth < mostWrappers ? withoutWrapper(line) : undefined) ?? [];
  if (rest !== undefined) return inner(rest, { ...more, ...outer }, depth + 1);
  const found = json(line, outer, depth) ?? first(line);
  return { ...found, ...outer, ...present({ time: found.time ?? outer.time }) };
}

/** Wrappers taken off before the rest counts as text. */
const mostWrappers = 4;

function first(line: string): Layout {
  return (
    bracketed(line) ?? klog(line) ?? capnslog(line) ?? logfmt(line) ?? goLog(line) ?? plain(line)
  );
}

const cri = /^(?<time>\d{4}-\d\d-\d\dT\S{8,40}) std(?:out|err) [FP] (?<rest>.*)$/s;
const exported = /^MESSAGE=(?<rest>.*)$/s;
const compose = /^(?<program>[\w.-]{1,60}) {0,40}\| (?<rest>.*)$/s;
const syslog =
  /^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d {1,4})?(?:[\w.-]{1,255} {1,4})?(?<program>[a-zA-Z][\w.@-]{0,60})\[\d{1,10}\]: (?<rest>.*)$/s;
const untagged =
  /^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [\w.-]{1,255} (?<program>[\w.-]{1,60}): (?<rest>.*)$/s;
const wrappers = [cri, exported, syslog, untagged, compose];

function withoutWrapper(line: string): readonly [string, Outer] | undefined {
  for (const wrapper of wrappers) {
    const { rest, program, time } = wrapper.exec(line)?.groups ?? {};
    if (rest === undefined) continue;
    return [rest, present({ program, time })];
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

  const wrapped = textAt(fields, 'log', 'MESSAGE');
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

function parsed(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined; // cut off, or no JSON after all: what can be told apart is
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

/** As programs that embed etcd write it: `[WARN] [caller.go:1] ["message"] [remote-addr=…] [error="…"]`. */
function bracketed(line: string): Layout | undefined {
  const [, caller, message] =
    /\] \[([\w.<>]{1,60}(?::\d{1,6})?)\] \["((?:[^"\\]|\\.){0,4000})"\]/.exec(line) ?? [];
  if (message === undefined || caller === undefined) return undefined;
  const pairs = line.matchAll(/\[([\w-]{1,60})=(?:"((?:[^"\\]|\\.){0,4000})"|([^\]]{0,999}))\]/g);
  const fields = new Map<string, unknown>(
    [...pairs].map(([, name = '', quoted, bare = '']) => [name, unescaped(quoted ?? bare)]),
  );
  return { form: 'bracketed', text: textOfFields(unescaped(message), fields), fields, caller };
}

/** Kubernetes' logger: `W0115 03:22:41.118203       1 clientconn.go:1223] …`. */
function klog(line: string): Layout | undefined {
  const [, level, time, caller, message] =
    /(?:^|\s)([IWEF])(\d{4} \d\d:\d\d:\d\d\.\d{1,9}) {1,8}\d{1,20} ([\w.-]{1,60}:\d{1,6})\] (.*)$/s.exec(
      line,
    ) ?? [];
  return message === undefined
    ? undefined
    : layout('klog', unescaped(message), { level, time, caller });
}

/** etcd up to 3.4 without zap: `2020-11-04 05:26:09.187800 I | embed: …`. */
function capnslog(line: string): Layout | undefined {
  const [, time, level, caller, message] =
    /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([CEWNIDT]) \| ([\w/.-]{1,60}): (.*)$/s.exec(
      line,
    ) ?? [];
  return message === undefined
    ? undefined
    : layout('capnslog', unescaped(message), { level, time, caller });
}

function logfmt(line: string): Layout | undefined {
  const [, message] = /(?:^|\s)msg="((?:[^"\\]|\\.){0,6000})/.exec(line) ?? [];
  if (message === undefined || !/(?:^|\s)(?:level|lvl|ts|time)=/.test(line)) return undefined;
  const pairs = line.matchAll(/(?:^|\s)([\w.-]{1,40})=(?:"((?:[^"\\]|\\.){0,4000})"|(\S{1,255}))/g);
  const fields = new Map<string, unknown>(
    [...pairs].map(([, name = '', quoted, bare = '']) => [name, unescaped(quoted ?? bare)]),
  );
  const text = textOfFields(unescaped(message), fields);
  const [time, level] = [textAt(fields, 'time', 'ts'), textAt(fields, 'level', 'lvl')];
  return { ...layout('logfmt', text, { time, level, caller: textAt(fields, 'caller') }), fields };
}

/** Go's own logger, as gRPC and net/http use it: `WARNING: 2026/11/28 13:50:37 …`. */
function goLog(line: string): Layout | undefined {
  const [, before, time, after, message] =
    /^(?:(INFO|WARNING|ERROR|FATAL): )?(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) (?:(INFO|WARNING|ERROR|FATAL): )?(.*)$/s.exec(
      line,
    ) ?? [];
  return message === undefined
    ? undefined
    : layout('go', unescaped(message), { time, level: before ?? after, caller: undefined });
}

function plain(line: string): Layout {
  return { form: 'text', text: unescaped(line), fields: new Map() };
}

interface Parts {
  readonly time: string | undefined;
  readonly level: string | undefined;
  readonly caller: string | undefined;
}

function layout(form: Layout['form'], text: string, parts: Parts): Layout {
  return { form, text, fields: new Map(), ...present(parts) };
}

/** Fields that say when, where and in which process, and what users stored: not what happened. */
const silent = new Set(
  `ts time timestamp @timestamp level lvl severity caller source logger stacktrace stack v pid hostname
  request response header metadata kubernetes stdout stdout_lines stderr_lines log.level cmd
  local-member-id remote-peer-id remote-addr remote-address server-name ip-addresses dns-names`.split(
    /\s+/,
  ),
);

/** The message, then what is called an error, then all else as `name=value`. */
function textOfFields(message: string, fields: ReadonlyMap<string, unknown>): string {
  const parts = [message];
  for (const [name, value] of fields) {
    const text = wordsOf(value, 0);
    if (silent.has(name) || text === '' || parts.includes(text)) continue;
    if (isError(name)) parts.splice(1, 0, text);
    else parts.push(`${name}=${text}`);
  }
  return parts.join(': ');
}

function isError(name: string): boolean {
  return /^(?:err|error|errors|reason|cause|stderr|desc|environment-variable|warning)$/i.test(name);
}

function wordsOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return unescaped(value);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || depth > 3) return '';
  return Object.values(value)
    .map((each) => wordsOf(each, depth + 1))
    .filter((text) => text !== '')
    .join(' ');
}

/** The first of these fields that holds text. */
export function textAt(
  fields: ReadonlyMap<string, unknown>,
  ...names: readonly string[]
): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\{1,7}"/g, '"') : text;
}
