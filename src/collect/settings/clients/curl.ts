import type { ClientDraft } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';
import { isHttps } from '../../../model/host.ts';
import type { Process } from '../process.ts';
import { clientOf } from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import { type HttpRequest, httpRequestOf } from './http-request.ts';

/** curl and wget connect to etcd as health probes only: scripts use them for downloads. */
export const client: EtcdClient = {
  name: 'curl',
  inProcess: (process) => {
    const { program, asClient } = process;
    const isProbe = asClient !== undefined && (program === 'curl' || program === 'wget');
    return isProbe ? clientIn(process, program) : [];
  },
};

function clientIn(process: Process, program: 'curl' | 'wget'): readonly ClientDraft[] {
  const { urls, unread: _unread, ...files } = httpRequestOf(program, process.words);
  const [first] = urls;
  if (first === undefined) return [];
  const endpoints: Setting<readonly string[]> = {
    value: urls.map(({ text }) => text.replace(/^([a-z]+:\/\/[^/]*).*$/i, '$1')),
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
