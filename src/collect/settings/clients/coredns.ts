import type { ClientDraft, TextFile } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';
import { lineAt, logicalLines, splitWords } from '../words.ts';
import { clientFrom } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'coredns',
  recognises: ({ text }) => text.match(/^[ \t]*etcd\b[^\r\n:=]*$/gm)?.some(opensBlock) === true,
  inFile: coredns,
};

function opensBlock(line: string): boolean {
  return line.trimEnd().endsWith('{');
}

/** The etcd plugin in a Corefile (coredns/coredns plugin/etcd/setup.go, plugin/pkg/tls/tls.go NewTLSConfigFromArgs). */
function coredns(file: TextFile): readonly ClientDraft[] {
  return etcdBlocks(file).map((block) => {
    const endpoints = block.get('endpoint') ?? {
      value: ['http://localhost:2379'],
      origin: { via: 'default' as const },
    };
    const parts = { kind: 'coredns', endpoints, ...tlsOf(block.get('tls')) };
    return clientFrom(parts, file.path);
  });
}

type Words = Setting<readonly string[]>;

/** The arguments of each directive in each block of the plugin. */
function etcdBlocks({ path, text }: TextFile): readonly ReadonlyMap<string, Words>[] {
  const blocks: ReadonlyMap<string, Words>[] = [];
  let open: Map<string, Words> | undefined;
  for (const line of logicalLines(text, /^\s*#/)) {
    const [name = '', ...rest] = splitWords(line.text, 'shell').map((word) => word.text);
    if (name === 'etcd' && rest.at(-1) === '{') {
      open = new Map();
      blocks.push(open);
    } else if (name === '}') {
      open = undefined;
    } else if (open !== undefined && name !== '') {
      const location = { file: path, line: lineAt(line, 0) };
      open.set(name, { value: rest, origin: { via: 'config-file', name, location } });
    }
  }
  return blocks;
}

/** `tls`, `tls CA`, `tls CERT KEY` or `tls CERT KEY CA`. */
function tlsOf(tls: Words | undefined) {
  if (tls === undefined) return {};
  const setting = (value: string | undefined): Setting<string> | undefined =>
    value === undefined ? undefined : { value, origin: tls.origin };
  const [first, second, third] = tls.value;
  if (second === undefined) return { caFile: setting(first) };
  return { caFile: setting(third), certFile: setting(first), keyFile: setting(second) };
}
