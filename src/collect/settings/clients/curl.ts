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
    const isProbe = asClient !== undefined || (kind === 'systemd' && asksEtcd(process));
    return isProbe ? clientIn(process, program) : [];
  },
};

/** Whether the URLs of curl or wget show that it connects to etcd. */
export function asksEtcd({ program, words }: Pick<Process, 'program' | 'words'>): boolean {
  if (program !== 'curl' && program !== 'wget') return false;
  return httpRequestOf(program, words).urls.some(({ text }) => isOfEtcd(text));
}

/** etcd's usual ports, or its paths on the host itself. */
function isOfEtcd(url: string): boolean {
  const address = parseHttpUrl(url);
  if (address === undefined) return false;
  const path = /^[a-z]+:\/\/[^/?#]*(\/[^?#]*)?/i.exec(url)?.[1] ?? '';
  const isPath = /^\/(?:health|livez|readyz|metrics|version|v2|v3(?:alpha|beta)?)(?:\/|$)/.test(
    path,
  );
  return (
    /^(?:2379|2380|2381|4001|7001)$/.test(String(address.port)) ||
    (isPath && isLoopback(address.host))
  );
}

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
