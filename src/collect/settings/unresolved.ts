import { flagNamed, flagOfVariable } from '../../etcd/flags.ts';
import type { ClientDraft, UnreadText } from '../../model/draft.ts';
import type {
  AssumedSetting,
  DocumentNode,
  EnvironmentVariable,
  LocatedText,
  SettingsSource,
} from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import type { ShellVariable } from './shell/run.ts';
import { giveFor, unreadAt } from './unread-at.ts';

/** What something else fills in: shells, templates of Go, Jinja and ERB, supervisord. */
const placeholder = /\$\{|\$\(|\$[A-Za-z_@*]|`|\{\{|\{%|<%|%\([A-Za-z_]\w*\)s|__[A-Z][A-Z_]+__/;

/** systemd's specifiers; in a URL a percent sign precedes two hexadecimal digits. */
const specifier = /%[A-Za-z](?![\dA-Fa-f])/;

/** Whether a value is not what etcd will see. */
export function isUnresolved(text: string): boolean {
  return placeholder.test(text) || specifier.test(text);
}

/** That a text is what the program is given, though it looks as if something else filled it in: an escaped dollar. */
export interface Literal {
  readonly isLiteral?: true;
}

/** Whether only dollars that were written twice make a text look unsettled once it is filled in. */
export function literally(written: string, fillIn: (text: string) => string): Literal {
  if (!written.includes('$$') || !isUnresolved(fillIn(written))) return {};
  return isUnresolved(fillIn(written.replaceAll('$$', ''))) ? {} : { isLiteral: true };
}

function isUnsettled({ text, isLiteral }: { readonly text: string } & Literal): boolean {
  return isLiteral !== true && isUnresolved(text);
}

/** Sources of which only settled values are left, and what was not settled. */
export interface Settled {
  readonly sources: readonly SettingsSource[];
  readonly open: readonly UnreadText[];
  /** Arguments of etcd that may hold any settings: a variable that no given file sets, or `"$@"`. */
  readonly unseen: readonly string[];
}

/**
 * Takes out the values that something else fills in before etcd reads them. A switch or a file that is set
 * to one is set all the same: it is kept as an assumption, so that nothing is concluded from its absence.
 */
export function settle(sources: readonly SettingsSource[], origin: Location): Settled {
  const open: OpenValue[] = [];
  const settled = sources.map((source): SettingsSource => {
    switch (source.kind) {
      case 'flags':
        return { ...source, arguments: settledWords(source.arguments, open) };
      case 'environment': {
        const variables: readonly (ShellVariable & Literal)[] = source.variables;
        const last = new Map(variables.map((variable) => [variable.name, variable]));
        const unsettled = [...last.values()].filter(
          ({ name, value: text, doubt, ...rest }) =>
            ofProcess.test(name) && (doubt !== undefined || isUnsettled({ ...rest, text })),
        );
        for (const { name, value, location, doubt } of unsettled) {
          open.push({
            name,
            flag: flagOfVariable(name)?.name,
            text: value,
            ...(doubt !== undefined && { doubt }),
            ...(location && { location }),
          });
        }
        const names = new Set(unsettled.map(({ name }) => name));
        const left = variables.filter(({ name }) => !names.has(name));
        return { ...source, variables: left.map(withoutDoubt) };
      }
      case 'config-file':
        return source.document === undefined
          ? source
          : { ...source, document: settledNode(source.document, [], open) };
      case 'assumed':
        return source;
    }
  });
  if (open.length === 0) return { sources: settled, open: [], unseen: [] };
  const assumed = open.flatMap(assumption);
  const counts = isJoining(sources)
    ? open.filter(({ flag }) => flag !== 'initial-cluster-token')
    : open;
  return {
    sources: [...settled, { kind: 'assumed', settings: assumed }],
    open: counts.map((value) => ({
      ...unreadValue(value, origin),
      ...(isOfFirstStart(value) && { atFirstStartOf: origin, give: dataOrValue(value) }),
    })),
    unseen: open.filter(isAnything).map(shown),
  };
}

function dataOrValue({ name }: OpenValue): string {
  return `give the data directory of the member as well, which does not read ${name} once it has started, or write the value of ${name} in its place`;
}

/** A member with a write-ahead log reads none of these (etcdserver bootstrap.go). */
function isOfFirstStart({ flag = '' }: OpenValue): boolean {
  return /^(?:initial-cluster(?:-state|-token)?|discovery(?:-.+)?)$/.test(flag);
}

/** The variables of etcd itself, and those that Go reads. */
const ofProcess = /^(?:ETCD_|GODEBUG$|SSL_CERT_(?:FILE|DIR)$)/;

/** A word of a command line that is no flag and follows none: it may become any arguments. */
function isAnything({ name }: OpenValue): boolean {
  return name === anArgument;
}

/** What a setting is called that an unknown argument may be. */
export const anArgument = 'an argument';

/** A word that becomes any arguments, and is no value of a flag. */
export function openArgument(words: readonly OpenWord[]): OpenWord | undefined {
  return words.find(
    ({ text }, index) =>
      opensArguments.test(text) && takesNext(words[index - 1]?.text ?? '') === undefined,
  );
}

const opensArguments = /^(?:\$[\w@*]+|\$\{[\w@*]+\}|\$\(.*\)|\{\{[^{}]*\}\})$/s;

function withoutDoubt({ name, value, location }: ShellVariable): EnvironmentVariable {
  return { name, value, ...(location && { location }) };
}

/** Such a member has the cluster's id from the others, whatever its own token is. */
function isJoining(sources: readonly SettingsSource[]): boolean {
  return sources.some((source) => {
    if (source.kind === 'environment') {
      const state = source.variables.findLast(({ name }) => name === 'ETCD_INITIAL_CLUSTER_STATE');
      return state?.value === 'existing';
    }
    return (
      source.kind === 'flags' &&
      source.arguments.some(
        ({ text }, index, all) =>
          /^--?initial-cluster-state=existing$/.test(text) ||
          (text === 'existing' && /^--?initial-cluster-state$/.test(all[index - 1]?.text ?? '')),
      )
    );
  });
}

/** A word of a command line that may not be known. */
export interface OpenWord extends LocatedText, Literal {
  /** Why it is not known, where that is not written in it. */
  readonly doubt?: string;
}

interface OpenValue extends OpenWord {
  /** As written. */
  readonly name: string;
  readonly flag: string | undefined;
}

function settledWords(words: readonly OpenWord[], open: OpenValue[]): readonly LocatedText[] {
  const left: LocatedText[] = [];
  for (const written of withoutSplits(words)) {
    const { isLiteral: _isLiteral, ...word } = written;
    const attached = /^--?([a-z][\w-]*)=/.exec(word.text)?.[1];
    const before = takesNext(left.at(-1)?.text ?? '');
    if (!isUnsettled(written)) left.push(word);
    else if (attached !== undefined)
      open.push({
        ...word,
        name: `--${attached}`,
        flag: attached,
        text: word.text.slice(word.text.indexOf('=') + 1),
      });
    else if (before !== undefined) {
      left.pop();
      open.push({ ...word, name: `--${before}`, flag: before });
    } else open.push({ ...word, name: anArgument, flag: undefined });
  }
  return left;
}

/** Words with what is between the braces of a template as one, which other blanks do not split. */
function withoutSplits(words: readonly OpenWord[]): readonly OpenWord[] {
  const whole: OpenWord[] = [];
  let isOpen = false;
  for (const word of words) {
    const last = whole.at(-1);
    if (isOpen && last !== undefined) {
      whole[whole.length - 1] = { ...last, text: `${last.text} ${word.text}` };
    } else whole.push(word);
    isOpen = leavesOpen(word.text, isOpen);
  }
  return whole;
}

function leavesOpen(text: string, wasOpen: boolean): boolean {
  const opened = Math.max(text.lastIndexOf('{{'), text.lastIndexOf('{%'));
  const closed = Math.max(text.lastIndexOf('}}'), text.lastIndexOf('%}'));
  return opened > closed || (wasOpen && closed < 0);
}

/** The flag that a word names whose value is the word after it; a switch has none. */
export function takesNext(text: string): string | undefined {
  const name = /^--?([a-z][\w-]*)$/.exec(text)?.[1];
  return name === undefined || flagNamed(name)?.kind === 'boolean' ? undefined : name;
}

function settledNode(node: DocumentNode, path: readonly string[], open: OpenValue[]): DocumentNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.filter(({ key, value }) => {
    const text = textIn(value);
    if (text === undefined) return true;
    open.push({
      name: [...path, key].join('.'),
      flag: flagOfKey(path, key),
      text,
      location: value.location,
    });
    return false;
  });
  return {
    ...node,
    entries: entries.map((entry) => ({
      ...entry,
      value: settledNode(entry.value, [...path, entry.key], open),
    })),
  };
}

/** The first text of a value that is not settled; maps are looked into key by key. */
function textIn(node: DocumentNode): string | undefined {
  if (node.kind === 'scalar') {
    return typeof node.value === 'string' && isUnresolved(node.value) ? node.value : undefined;
  }
  return node.kind === 'list'
    ? node.items.map(textIn).find((text) => text !== undefined)
    : undefined;
}

function flagOfKey(path: readonly string[], key: string): string | undefined {
  const [section] = path;
  if (section === undefined) return key;
  return section === 'peer-transport-security' ? `peer-${key}` : key;
}

function assumption({ flag, name, text, location }: OpenValue): readonly AssumedSetting[] {
  if (flag === undefined) return [];
  const place = location === undefined ? name : `${location.file}:${location.line ?? 1}`;
  const because = `${place} takes its value from the placeholder \`${shortened(text)}\``;
  if (/-(?:cert-auth|tls)$/.test(flag)) {
    return [{ name: flag, value: String(flag.endsWith('cert-auth')), because }];
  }
  return flag.endsWith('-file') ? [{ name: flag, value: text, because }] : [];
}

function unreadValue(value: OpenValue, origin: Location, who = 'etcd'): UnreadText {
  const { name, location, doubt } = value;
  const { file, line } = location ?? origin;
  if (isAnything(value)) {
    const reason =
      doubt ??
      `${who} takes arguments from \`${shown(value)}\`, whose value is not in the given files; these settings were not read`;
    return unreadAt(file, line, reason, giveFor(doubt));
  }
  const reason =
    doubt !== undefined
      ? `the value of ${name} is not known: ${doubt}`
      : `${name} is \`${shown(value)}\`, a placeholder that is replaced before ${who} reads it`;
  return unreadAt(file, line, reason, giveFor(doubt));
}

/** A client without the endpoints that something else fills in: what they lead to is not known. */
export function withSettledEndpoints({
  discoverySrv,
  proxies,
  ...client
}: ClientDraft): ClientDraft {
  const { value, origin } = client.endpoints;
  if (discoverySrv !== undefined) return { ...client, endpoints: { value: [], origin } };
  const settled = value.filter((url) => !isUnresolved(url));
  return {
    ...client,
    ...(proxies !== undefined && { isOfEtcd: 'by-address' as const }),
    ...(settled.length < value.length && { endpoints: { value: settled, origin } }),
  };
}

/** Settings of clients that something else fills in before the client reads them. */
export function openSettings(clients: readonly ClientDraft[]): readonly UnreadText[] {
  return clients.flatMap((client) => [...openValues(client), ...openEndpoints(client)]);
}

function openEndpoints({
  discoverySrv,
  proxies,
  origin,
  kind,
}: ClientDraft): readonly UnreadText[] {
  const setting = proxies ?? discoverySrv;
  if (setting === undefined) return [];
  const { file, line } = setting.origin.location ?? origin;
  const reason =
    proxies === undefined
      ? `the endpoints of ${kind} are the SRV records of ${setting.value}, which only DNS knows`
      : `${kind} connects to proxies of etcd, and what these accept is not judged`;
  return [
    unreadAt(
      file,
      line,
      reason,
      'name the endpoints with `--endpoints` instead, or accept what stays open with `--accept-incomplete`',
    ),
  ];
}

function openValues({
  origin,
  endpoints,
  caFile,
  certFile,
  keyFile,
  serverName,
  kind,
}: ClientDraft): readonly UnreadText[] {
  const settings = [caFile, certFile, keyFile, serverName].flatMap((setting) => setting ?? []);
  const urls = endpoints.value.map((url) => ({ ...endpoints, value: url }));
  return [...urls, ...settings].flatMap(({ value, origin: { name = 'a setting', location } }) => {
    if (!isUnresolved(value)) return [];
    const open = { name, flag: undefined, text: value, ...(location && { location }) };
    return [unreadValue(open, origin, kind)];
  });
}

/** Enough to know the place by. */
function shortened(text: string): string {
  const plain = text.replaceAll(/\$\((?![\w ./-]{1,40}\))(?:[^]*\)|[^]*)|`[^`]*`/g, '$(…)');
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}

/** Of a value that may be a password nothing is shown but what is filled in. */
function shown({ text, flag }: Pick<OpenValue, 'text' | 'flag'>): string {
  if (flag !== undefined && flagNamed(flag) !== undefined) return shortened(text);
  const name = /^\$\{([\w@*]+)(?:\}|:?[-+=?])/.exec(text)?.[1];
  if (name !== undefined) return `$${name}`;
  return shortened(
    /\$\{\w+\}|\$\w+|\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>|\$\((?:[^]*\)|[^]*)|`[^`]*`|%\(\w+\)s|__\w+__/.exec(
      text,
    )?.[0] ?? '…',
  );
}

/** Lines that decide by a template whether the lines after them count. */
const control =
  /^\s*(?:\{%-?\s*(?:if|for|elif|else|macro|include)|\{\{-?\s*(?:if|range|with|else)|<%-?\s*(?:if|unless|@?\w+\.each))\b/;

/** Lines that are nothing before a template fills them in, and a list of variables or volumes that is none. */
const filledIn =
  /^\s*(?:(?:args|command|env|envFrom|env_file|environment|volumeMounts|volumes):\s*)?\{\{[^{}]*\}\}\s*$/;

/** The first such line of a text. */
export function controlLine(text: string): number | undefined {
  if (!/\{[{%]|<%/.test(text)) return undefined;
  const lines = text.split('\n');
  const index = lines.findIndex(
    (line, at) => control.test(line) || filledIn.test(line) || decidesInComment(lines, at),
  );
  return index < 0 ? undefined : index + 1;
}

/** A template reads what it decides by in comments as well: `# {{ if .Values.tls }}`. */
function decidesInComment(lines: readonly string[], at: number): boolean {
  const [comment = ''] = /^\s*#+\s*(?=\{[{%]|<%)/.exec(lines[at] ?? '') ?? [];
  if (comment === '' || !control.test((lines[at] ?? '').slice(comment.length))) return false;
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => /(?:\{[{%]-?|<%-?)\s*end/.test(line));
  return after.slice(0, Math.max(end, 0)).some((line) => !/^\s*(?:#|$)/.test(line));
}
