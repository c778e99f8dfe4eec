import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { LocatedText, Setting } from '../../../model/settings.ts';
import { isHttps, parseEndpoint } from '../../../model/host.ts';
import { proxyFor } from '../../../model/proxy.ts';
import { type Process, startedAs, variableOf } from '../process.ts';
import { anArgument, openArgument } from '../unresolved.ts';
import type { Problems } from '../../../model/settings-problem.ts';

/** Under which names a client takes one setting: flags without dashes, then variables. */
export interface SettingNames {
  readonly flag?: string;
  /** One, or several of which the first that is set counts. */
  readonly variable?: string | readonly string[];
}

/** The setting of a process under the given names; a flag wins, an empty value is none. */
export function settingOf(process: Process, names: SettingNames): Setting<string> | undefined {
  return flagOf(process.words, names.flag) ?? fromVariable(process, names.variable);
}

function fromVariable(
  process: Process,
  names: string | readonly string[] = [],
): Setting<string> | undefined {
  const [variable] = [names].flat().flatMap((name) => variableOf(process, name) ?? []);
  if (variable === undefined) return undefined;
  const { value, location } = variable;
  return {
    value,
    origin: {
      via: 'environment',
      name: variable.name,
      ...(location === undefined ? {} : { location }),
    },
  };
}

/** `--name=value` or `--name value`, the last one given. An empty value counts as not given. */
function flagOf(
  words: readonly LocatedText[],
  name: string | undefined,
): Setting<string> | undefined {
  if (name === undefined) return undefined;
  const given = occurrences(words, name).at(-1);
  return given === undefined || given.value === '' ? undefined : given;
}

/** Every time that a flag is given, empty values included. */
export function occurrences(
  words: readonly LocatedText[],
  name: string,
): readonly Setting<string>[] {
  return words.flatMap((word, index) => {
    const [, given, attached] = /^--?([^=]+)(?:=(.*))?$/s.exec(word.text) ?? [];
    if (given !== name) return [];
    const value = attached ?? words[index + 1]?.text ?? '';
    const origin = {
      via: 'flag' as const,
      name: `--${name}`,
      ...(word.location === undefined ? {} : { location: word.location }),
    };
    return [{ value, origin }];
  });
}

export type ReadList = (setting: Setting<string>) => Setting<readonly string[]>;

/** A comma list as Go's strings.Split takes it apart: blanks around an item are part of it. */
export function splitList({ value, origin }: Setting<string>): Setting<readonly string[]> {
  return { value: value.split(',').filter((item) => item.trim() !== ''), origin };
}

/** A comma list of a program that drops blanks around the items. */
export function trimmedList(setting: Setting<string>): Setting<readonly string[]> {
  return trimmed(splitList(setting));
}

export function trimmed({ value, origin }: Setting<readonly string[]>): Setting<readonly string[]> {
  return { value: value.map((item) => item.trim()), origin };
}

/** A list to which a flag adds each time that it is given; without it the comma list of the variable. */
export function gatheredList(
  process: Process,
  names: SettingNames,
  read: ReadList = splitList,
): Setting<readonly string[]> | undefined {
  const given = names.flag === undefined ? [] : occurrences(process.words, names.flag);
  const [first, ...more] = given.map(read).filter(({ value }) => value.length > 0);
  if (first !== undefined) {
    return { value: [first, ...more].flatMap(({ value }) => value), origin: first.origin };
  }
  const setting = settingOf(process, names);
  return setting === undefined ? undefined : read(setting);
}

/** Endpoints with the scheme that a client supposes where none is written. */
export function withScheme(
  { value, origin }: Setting<readonly string[]>,
  encrypted: boolean,
): Setting<readonly string[]> {
  const scheme = encrypted ? 'https' : 'http';
  const urls = value.map((url) =>
    /^\s*[a-z][a-z\d+.-]*:\/\//i.test(url)
      ? url
      : url.replace(/^\s*/, (blanks) => `${blanks}${scheme}://`),
  );
  return { value: urls, origin };
}

/** A switch as Go's flag package and most others read it: given alone it is on. */
export function switchOf(
  process: Process,
  names: SettingNames,
  on = /^(?:1|t|true)$/i,
): Setting<boolean> | undefined {
  const alone = process.words.find(({ text }) => text === `--${names.flag}`);
  if (alone !== undefined) {
    const origin = { via: 'flag' as const, name: alone.text };
    const location = alone.location === undefined ? {} : { location: alone.location };
    return { value: true, origin: { ...origin, ...location } };
  }
  const setting = settingOf(process, names);
  return setting === undefined
    ? undefined
    : { value: on.test(setting.value), origin: setting.origin };
}

type Draftable = Omit<ClientDraft, 'problems' | 'mounts' | 'process' | 'embedded' | 'origin'>;

/** A client of a process, at its place, with its mounts. */
export function clientOf(
  process: Process,
  client: Draftable,
  problems: Problems = [],
): ClientDraft {
  const origin = client.endpoints.origin.location ?? process.origin;
  const all = [...problems, ...mixedSchemes(client)];
  const proxied = proxiedHosts(process, client);
  return {
    ...client,
    ...(proxied !== undefined && { proxied }),
    ...(process.asClient !== undefined && { name: process.asClient }),
    origin,
    problems: all,
    mounts: process.mounts,
    process: startedAs(process),
    ...(process.network !== undefined && { network: process.network }),
    embedded: [],
  };
}

/**
 * The endpoints that the proxy of the environment is asked for. gRPC takes HTTPS_PROXY for every connection, with TLS or
 * without (google.golang.org/grpc, internal/transport/proxy.go); curl for https. Python and Lua programs take neither.
 */
function proxiedHosts(
  process: Process,
  { endpoints, verifier, kind }: Draftable,
): Setting<readonly string[]> | undefined {
  const proxy = settingOf(process, { variable: ['HTTPS_PROXY', 'https_proxy'] });
  if (proxy === undefined || (verifier !== 'go' && kind !== 'curl')) return undefined;
  const processEnvironment = Object.fromEntries(
    process.variables.map(({ name, value }) => [name, { value }]),
  );
  const hosts = endpoints.value
    .map((endpoint) => parseEndpoint(endpoint, true).host)
    .filter((host) => proxyFor({ processEnvironment }, { host, encrypted: true }) !== undefined);
  return hosts.length === 0 ? undefined : { value: [...new Set(hosts)], origin: proxy.origin };
}

/** etcd's Go client takes its credentials from the first endpoint alone (client/v3/client.go dialWithBalancer). */
export function mixedSchemes({
  endpoints,
  speaks,
}: Pick<ClientDraft, 'endpoints' | 'speaks'>): Problems {
  const schemes = endpoints.value.map((url) => isHttps(url));
  const [first] = schemes;
  if (speaks !== 'grpc' || schemes.every((encrypted) => encrypted === first)) return [];
  const scheme = first === true ? 'with TLS' : 'without TLS';
  return [problem('without-effect', endpoints, 'first-endpoint-decides', undefined, { scheme })];
}

/** The three files of a client, where they are set. */
export function tlsFiles(
  process: Process,
  names: { readonly ca: SettingNames; readonly cert: SettingNames; readonly key: SettingNames },
): Pick<ClientDraft, 'caFile' | 'certFile' | 'keyFile'> {
  const caFile = settingOf(process, names.ca);
  const certFile = settingOf(process, names.cert);
  const keyFile = settingOf(process, names.key);
  return {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
}

/** What an argument may set that is not known, of a program whose arguments are all flags. */
export function unknownArgument({ words }: Process): Setting<string> | undefined {
  const word = openArgument(words);
  if (word === undefined) return undefined;
  const { text, location } = word;
  return { value: text, origin: { via: 'flag', name: anArgument, ...(location && { location }) } };
}

/** The files of such a program: what is not set may be set by that argument. */
export function filesOfFlags(
  process: Process,
  names: Parameters<typeof tlsFiles>[1],
): ReturnType<typeof tlsFiles> {
  const unknown = unknownArgument(process);
  const files = tlsFiles(process, names);
  return unknown === undefined
    ? files
    : { caFile: unknown, certFile: unknown, keyFile: unknown, ...files };
}
