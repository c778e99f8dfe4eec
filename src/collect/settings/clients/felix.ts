import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import { type ClientProgram, readClient } from './client-program.ts';
import { trimmed, trimmedList } from './client-settings.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

/** projectcalico/calico felix/config/env_var_loader.go and config_params.go, where `none` sets nothing. */
const settings: ClientProgram = {
  kind: 'felix',
  endpoints: { variable: 'FELIX_ETCDENDPOINTS' },
  ca: { variable: 'FELIX_ETCDCAFILE' },
  cert: { variable: 'FELIX_ETCDCERTFILE' },
  key: { variable: 'FELIX_ETCDKEYFILE' },
  list: trimmedList,
  asRead: withoutNone,
};

export const client: EtcdClient = {
  name: 'felix',
  variables: 'fill in',
  inProcess: (process) => readClient(process, settings),
  words: ['EtcdEndpoints'],
  recognises: ({ text }) => /^[ \t]*EtcdEndpoints[ \t]*=/m.test(text),
  inDocument: felix,
};

/** `felix.cfg`, in which section names do not matter (projectcalico/calico felix/config/config_file_loader.go). */
function felix(document: DocumentNode, file: string): readonly ClientDraft[] {
  const sections = document.kind === 'map' ? document.entries.map(({ value }) => value) : [];
  return [document, ...sections].flatMap((section) => {
    const endpoints = listAt(section, 'EtcdEndpoints');
    if (endpoints === undefined) return [];
    const parts = {
      kind: 'felix',
      endpoints: trimmed(endpoints),
      caFile: settingAt(section, 'EtcdCaFile'),
      certFile: settingAt(section, 'EtcdCertFile'),
      keyFile: settingAt(section, 'EtcdKeyFile'),
    };
    return [clientFrom(parts, file)];
  });
}

function withoutNone(process: Process): Process {
  const variables = process.variables.filter(({ value }) => value.toLowerCase() !== 'none');
  return { ...process, variables };
}
