import type { Layout } from './layout.ts';
import { textAt, textOfFields, unescaped } from './layout-fields.ts';
import { present } from './present.ts';

/** A line without a wrapper, in the layout of whichever logger wrote it. */
export function textLayout(line: string): Layout {
  return (
    bracketed(line) ?? klog(line) ?? capnslog(line) ?? logfmt(line) ?? goLog(line) ?? plain(line)
  );
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
