import { defined } from '../../../model/defined.ts';
import { parseHttpUrl } from '../../../model/host.ts';
import type { LocatedText, Setting } from '../../../model/settings.ts';

/** What a command line of curl or wget asks for. */
export interface HttpRequest {
  readonly urls: readonly LocatedText[];
  readonly caFile?: Setting<string>;
  readonly certFile?: Setting<string>;
  readonly keyFile?: Setting<string>;
  readonly insecureSkipVerify?: Setting<boolean>;
  /** Why it is not known what the program does: an option, or no URL. */
  readonly unread?: string;
}

/** What an option is to a request. `unread` changes the connection in a way that is not followed. */
type Role = 'url' | 'ca' | 'cert' | 'key' | 'type' | 'skip' | 'value' | 'switch' | 'unread';

interface Options {
  readonly long: ReadonlyMap<string, Role>;
  readonly short: ReadonlyMap<string, Role>;
  /** Whether a value may follow after `=`. */
  readonly joins: boolean;
}

function tableOf(roles: Readonly<Partial<Record<Role, string>>>): ReadonlyMap<string, Role> {
  const all: readonly Role[] = [
    'url',
    'ca',
    'cert',
    'key',
    'type',
    'skip',
    'value',
    'switch',
    'unread',
  ];
  return new Map(
    all.flatMap((role) => (roles[role] ?? '').split(' ').map((name) => [name, role] as const)),
  );
}

/** https://curl.se/docs/manpage.html */
const curl: Options = {
  joins: false,
  long: tableOf({
    url: 'url',
    ca: 'cacert',
    cert: 'cert',
    key: 'key',
    type: 'cert-type key-type',
    skip: 'insecure',
    value:
      'pass user output max-time connect-timeout retry retry-delay retry-max-time request header data data-raw data-binary user-agent write-out noproxy referer cookie cookie-jar range tls-max ciphers tls13-ciphers stderr max-filesize speed-limit speed-time oauth2-bearer',
    switch:
      'fail fail-with-body fail-early silent show-error location verbose head include http1.0 http1.1 http2 http2-prior-knowledge ipv4 ipv6 compressed no-progress-meter progress-bar no-buffer get globoff no-keepalive disable basic tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 retry-connrefused retry-all-errors raw netrc no-fail no-silent no-location',
    unread:
      'config capath proxy proxy-cert proxy-key proxy-pass proxy-cacert proxy-user preproxy socks5 socks5-hostname resolve connect-to unix-socket engine ca-native crlfile pinnedpubkey next',
  }),
  short: tableOf({
    cert: 'E',
    skip: 'k',
    value: 'o m X H d u A w e b c r y Y',
    switch: 'f s S L v I i 0 1 4 6 g G N q # a B j n O J R',
    unread: 'K x U :',
  }),
};

/** https://www.gnu.org/software/wget/manual/wget.html */
const wget: Options = {
  joins: true,
  long: tableOf({
    ca: 'ca-certificate',
    cert: 'certificate',
    key: 'private-key',
    type: 'certificate-type private-key-type',
    skip: 'no-check-certificate',
    value:
      'output-document output-file timeout tries header post-data user password http-user http-password method body-data user-agent waitretry wait connect-timeout read-timeout dns-timeout directory-prefix secure-protocol max-redirect referer',
    switch:
      'quiet spider no-verbose verbose server-response no-proxy no-hsts no-cache inet4-only inet6-only debug continue retry-connrefused no-netrc content-on-error https-only',
    unread: 'ca-directory config input-file execute crl-file pinnedpubkey use-askpass base',
  }),
  short: tableOf({ value: 'O o T t U P w', switch: 'q S v n d c 4 6', unread: 'i e B Y' }),
};

/** https://git.busybox.net/busybox/tree/networking/wget.c: no certificate, no CA file. */
const busyBox: Options = {
  joins: true,
  long: tableOf({
    skip: 'no-check-certificate',
    value:
      'output-document output-file directory-prefix proxy user-agent timeout tries header post-data post-file',
    switch: 'continue quiet server-response passive-ftp spider',
  }),
  short: tableOf({ value: 'O o P Y U T t', switch: 'c q S s n v' }),
};

const tables = { curl, wget, 'wget of BusyBox': busyBox } as const;

type Program = keyof typeof tables;

interface Option {
  readonly role: Role;
  /** As it is written, without what it is given. */
  readonly name: string;
  readonly value: string;
  readonly word: LocatedText;
}

export function httpRequestOf(program: Program, words: readonly LocatedText[]): HttpRequest {
  const { options, isUnknown } = optionsIn(words, tables[program]);
  const last = (role: Role) =>
    options.findLast((option) => option.role === role && option.value !== '');
  const cert = last('cert');
  const certFile = cert && fileOf(cert, program);
  const key = last('key');
  const ca = last('ca');
  const skip = last('skip');
  const urls = options
    .filter(({ role }) => role === 'url')
    .map(({ value, word }) => ({ ...word, text: withDefaultPort(value) }));
  return {
    urls,
    ...defined({
      caFile: ca && setting(ca, ca.value),
      certFile,
      // A certificate file without a key file holds both.
      keyFile: key === undefined ? certFile : setting(key, key.value),
      insecureSkipVerify: skip && setting(skip, true),
      unread: unreadIn(options, isUnknown, urls),
    }),
  };
}

function unreadIn(
  options: readonly Option[],
  isUnknown: boolean,
  urls: readonly LocatedText[],
): string | undefined {
  const option = options.find(
    ({ role, value }) =>
      role === 'unread' ||
      (role === 'type' && value.toUpperCase() !== 'PEM') ||
      (role === 'cert' && /^pkcs11:/i.test(value)),
  );
  if (option !== undefined) return `with \`${option.name}\`, which is not followed`;
  if (isUnknown) return 'with an option that is not known';
  if (urls.length === 0) return 'without a URL';
  return urls.some(({ text }) => parseHttpUrl(text) === undefined)
    ? 'with a URL that cannot be read'
    : undefined;
}

/** curl cuts the password off at the first colon that no backslash precedes. */
function fileOf(option: Option, program: Program): Setting<string> {
  if (program !== 'curl') return setting(option, option.value);
  const [file = ''] = /^(?:\\.|[^:\\]|\\$)*/s.exec(option.value) ?? [];
  return setting(option, file.replaceAll(/\\([:\\])/g, '$1'));
}

function setting<Value>({ name, word }: Option, value: Value): Setting<Value> {
  return {
    value,
    origin: { via: 'flag', name, ...(word.location && { location: word.location }) },
  };
}

/** Both programs read a URL without a scheme as http, and connect to the scheme's port where it names none. */
function withDefaultPort(url: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  return text.replace(
    /^(https?):\/\/((?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/:?#]+))(?=[/?#]|$)/i,
    (_, scheme: string, host: string) =>
      `${scheme}://${host}:${scheme.toLowerCase() === 'https' ? 443 : 80}`,
  );
}

interface Reading {
  readonly options: readonly Option[];
  readonly isUnknown: boolean;
}

function optionsIn(words: readonly LocatedText[], table: Options): Reading {
  const options: Option[] = [];
  let isUnknown = false;
  let onlyUrls = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    if (word.text === '--' && !onlyUrls) {
      onlyUrls = true;
      continue;
    }
    if (onlyUrls || !/^-./.test(word.text)) {
      options.push({ role: 'url', name: 'URL', value: word.text, word });
      continue;
    }
    const found = optionsOf(word, words[index + 1]?.text, table);
    found.options.forEach((option) => options.push(option));
    isUnknown ||= found.isUnknown;
    if (found.takesNext) index += 1;
  }
  return { options, isUnknown };
}

interface OptionWord extends Reading {
  readonly takesNext: boolean;
}

function optionsOf(word: LocatedText, next: string | undefined, table: Options): OptionWord {
  const { text } = word;
  return text.startsWith('--')
    ? longOption(word, next ?? '', table)
    : shortOptions(word, text.slice(1), next, table);
}

function longOption(word: LocatedText, next: string, table: Options): OptionWord {
  const [, name = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word.text) ?? [];
  const role = table.long.get(name);
  if (role === undefined || (attached !== undefined && !table.joins)) {
    return { options: [], isUnknown: true, takesNext: false };
  }
  const isAlone = role === 'switch' || role === 'skip';
  const value = isAlone ? 'true' : (attached ?? next);
  return {
    options: [{ role, name: `--${name}`, value, word }],
    isUnknown: false,
    takesNext: !isAlone && attached === undefined,
  };
}

/** `-fsS`, and `-o/dev/null` or `-fo /dev/null`: the rest of the word is the value of the first that takes one. */
function shortOptions(
  word: LocatedText,
  letters: string,
  next: string | undefined,
  table: Options,
): OptionWord {
  const options: Option[] = [];
  for (const [index, letter] of letters.split('').entries()) {
    const role = table.short.get(letter);
    if (role === undefined) return { options, isUnknown: true, takesNext: false };
    const name = `-${letter}`;
    if (role === 'switch' || role === 'skip') {
      options.push({ role, name, value: 'true', word });
      continue;
    }
    const attached = letters.slice(index + 1);
    const value = attached === '' ? (next ?? '') : attached;
    options.push({ role, name, value, word });
    return { options, isUnknown: false, takesNext: attached === '' };
  }
  return { options, isUnknown: false, takesNext: false };
}
