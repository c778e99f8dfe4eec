import { defined } from '../../../etcd/defined.ts';
import type { BareProbe, ClientDraft } from '../../../model/draft.ts';
import type { LocatedText, Setting } from '../../../model/settings.ts';
import { isHttps } from '../../../model/host.ts';
import type { Process } from '../process.ts';
import { clientOf, settingOf } from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

/** curl connects to etcd as a health probe only: scripts use it for downloads. */
export const client: EtcdClient = {
  name: 'curl',
  inProcess: (process) =>
    process.program === 'curl' && process.asClient !== undefined ? curl(process) : [],
};

/** https://curl.se/docs/manpage.html */
const names = { ca: { flag: 'cacert' }, cert: { flag: 'cert' }, key: { flag: 'key' } };

function curl(process: Process): readonly ClientDraft[] {
  const urls = urlsIn(process.words);
  const [first] = urls;
  if (first === undefined) return [];
  const certFile = settingOf(process, names.cert) ?? settingOf(process, { flag: 'E' });
  const caFile = settingOf(process, names.ca);
  // A certificate file without a key file holds both.
  const keyFile = settingOf(process, names.key) ?? certFile;
  const endpoints: Setting<readonly string[]> = {
    value: urls.map(({ text }) => text.replace(/^([a-z]+:\/\/[^/]*).*$/i, '$1')),
    origin: { via: 'flag', name: 'URL', ...(first.location && { location: first.location }) },
  };
  return [
    clientOf(process, {
      name: 'curl',
      kind: 'curl',
      endpoints,
      ...defined({ caFile, certFile, keyFile, insecureSkipVerify: skipIn(process.words) }),
      verifier: 'openssl',
      speaks: urls.some(({ text }) => /\/v3(?:\w+)?\//.test(text)) ? 'gateway' : 'grpc',
    }),
  ];
}

function skipIn(words: readonly LocatedText[]): Setting<boolean> | undefined {
  const word = words.find(({ text }) => isInsecure(text));
  if (word === undefined) return undefined;
  const place = word.location && { location: word.location };
  return { value: true, origin: { via: 'flag', name: word.text, ...place } };
}

function urlsIn(words: readonly LocatedText[]): readonly LocatedText[] {
  return words.flatMap((word) => {
    const url = /^(?:--url=)?(https?:\/\/.*)$/i.exec(word.text)?.[1];
    return url === undefined ? [] : [{ ...word, text: url }];
  });
}

function isInsecure(text: string): boolean {
  return text === '--insecure' || /^-[a-zA-Z]*k/.test(text);
}

/** What curl or wget asks without a certificate and without verifying the server; undefined where it does either. */
export function bareRequestOf(
  program: string,
  words: readonly LocatedText[],
): { readonly by: BareProbe['by']; readonly urls: readonly string[] } | undefined {
  const urls = urlsIn(words).map(({ text }) => text);
  const by = program === 'wget' ? 'wget' : 'curl';
  const shows = words.some(({ text }) => /^(?:--cert(?:ificate)?(?:=|$)|-E)/.test(text));
  const skips = words.some(({ text }) => isInsecure(text) || text === '--no-check-certificate');
  const isBare = urls.every((url) => !isHttps(url)) || (skips && !shows);
  return by === 'wget' || isBare ? { by, urls } : undefined;
}
