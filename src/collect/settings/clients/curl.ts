import type { ClientDraft } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';
import { isHttps, isLoopback, parseHttpUrl } from '../../../model/host.ts';
import type { Process } from '../process.ts';
import { clientOf } from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import { type HttpRequest, httpRequestOf } from './http-request.ts';

/** curl and wget connect to etcd as health probes, and in units of their own: scripts use them for downloads. */
export const client: EtcdClient = {
  name: 'curl',
  inProcess: (process) => {
    const { program, asClient, kind } = process;
    if (program !== 'curl' && program !== 'wget') return [];
    const mayBe =
      asClient !== undefined || (kind === 'shell' ? asksEtcd(process) : mayAskEtcd(process));
    return mayBe ? clientIn(process, program) : [];
  },
};

/** Whether the URLs of curl or wget show by themselves that it connects to etcd. */
export function asksEtcd(process: Pick<Process, 'program' | 'words' | 'place'>): boolean {
  return urlsOf(process).some(({ text }) => isOfEtcd(text, process.place));
}

/** Whether it connects to etcd where a member listens at its URLs. */
export function mayAskEtcd(process: Pick<Process, 'program' | 'words' | 'place'>): boolean {
  const urls = urlsOf(process);
  const areKnown = urls.every(
    ({ text }) => parseHttpUrl(text) !== undefined && !text.includes('$'),
  );
  return asksEtcd(process) || (urls.length > 0 && areKnown);
}

function urlsOf({ program, words }: Pick<Process, 'program' | 'words'>): HttpRequest['urls'] {
  return program === 'curl' || program === 'wget' ? httpRequestOf(program, words).urls : [];
}

/** etcd's usual ports; on loopback, where etcd runs in the same place, its paths, or all that a container has. */
function isOfEtcd(url: string, place: Process['place']): boolean {
  const address = parseHttpUrl(url);
  if (address === undefined) return false;
  const isUsual = /^(?:2379|2380|4001|7001)$/.test(String(address.port));
  if (!isLoopback(address.host)) return isUsual;
  if (place === 'container of etcd') return true;
  if (place === 'another container') return false;
  const path = /^[a-z]+:\/\/[^/?#]*(\/[^?#]*)?/i.exec(url)?.[1] ?? '';
  return isUsual || (place === 'unit of etcd' && pathOfEtcd.test(path));
}

const pathOfEtcd = /^\/(?:health|livez|readyz|metrics|version|v2|v3(?:alpha|beta)?)(?:\/|$)/;

function clientIn(process: Process, program: 'curl' | 'wget'): readonly ClientDraft[] {
  const { urls, unread: _unread, ...files } = httpRequestOf(program, process.words);
  const [first] = urls;
  if (first === undefined) return [];
  const endpoints: Setting<readonly string[]> = {
    value: urls.map(({ text }) => text.replace(/^([a-z]+:\/\/[^/]*).*$/is, '$1')),
    origin: { via: 'flag', name: 'URL', ...(first.location && { location: first.location }) },
  };
  return [
    clientOf(process, {
      name: program,
      kind: program,
      endpoints,
      ...files,
      ...(!asksEtcd(process) && { isOfEtcd: 'by-address' as const }),
      verifier: 'openssl',
      speaks: urls.some(({ text }) => /\/v3(?:\w+)?\//.test(text)) ? 'gateway' : 'grpc',
    }),
  ];
}

/** What curl or wget asks without a certificate and without verifying the server; undefined where it does either. */
export function bareUrlsOf({
  urls,
  certFile,
  insecureSkipVerify,
}: HttpRequest): readonly string[] | undefined {
  const texts = urls.map(({ text }) => text);
  const skips = insecureSkipVerify?.value === true;
  const isBare = texts.every((url) => !isHttps(url)) || (skips && certFile === undefined);
  return isBare ? texts : undefined;
}
