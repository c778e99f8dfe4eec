import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { clientFrom, listAt, settingAt, switchAt } from './document-settings.ts';
import { withScheme } from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import type { Problems } from '../../../model/settings-problem.ts';

export const client: EtcdClient = {
  name: 'clientv3',
  words: ['endpoints'],
  recognises: ({ text }) =>
    /^endpoints[ \t]*:/m.test(text) &&
    /^(?:trusted-ca-file|ca-file|cert-file|key-file|insecure-)/m.test(text),
  inDocument: clientv3,
};

/** A file of go.etcd.io/etcd/client/v3/yaml, which Cilium's `etcd.config` names (client/v3/yaml/config.go). */
function clientv3(document: DocumentNode, file: string): readonly ClientDraft[] {
  const endpoints = listAt(document, 'endpoints');
  const certFile = settingAt(document, 'cert-file');
  const keyFile = settingAt(document, 'key-file');
  const caFile = settingAt(document, 'trusted-ca-file');
  const unused = settingAt(document, 'ca-file');
  const insecure = switchAt(document, 'insecure-transport');
  const own = [certFile, keyFile, caFile, unused, insecure].some(
    (setting) => setting !== undefined,
  );
  if (endpoints === undefined || !own) return [];

  // A certificate without its key, or the reverse, is passed over without a word.
  const whole = certFile !== undefined && keyFile !== undefined;
  const parts = {
    kind: 'clientv3',
    endpoints: withScheme(endpoints, insecure?.value !== true),
    caFile,
    certFile: whole ? certFile : undefined,
    keyFile: whole ? keyFile : undefined,
    insecureSkipVerify: switchAt(document, 'insecure-skip-tls-verify'),
    problems: problemsOf(document),
  };
  return [clientFrom(parts, file)];
}

function problemsOf(document: DocumentNode): Problems {
  const unused = settingAt(document, 'ca-file');
  const pair = ['cert-file', 'key-file'].flatMap((key) => settingAt(document, key) ?? []);
  const [only] = pair;
  const half =
    only !== undefined && pair.length === 1
      ? [problem('without-effect', only, 'ignored-lone-file')]
      : [];
  if (unused === undefined) return half;
  return [problem('without-effect', unused, 'unused-ca-file'), ...half];
}
