import type { ClientDraft, TextFile } from '../../../model/draft.ts';
import type { DocumentNode, Setting } from '../../../model/settings.ts';
import { at, itemsOf, textOf } from '../document.ts';
import { type ClientProgram, readClient } from './client-program.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

/** projectcalico/calico libcalico-go/lib/apiconfig/apiconfig.go (EtcdConfig); load.go reads them with the prefix `calico`, which kelseyhightower/envconfig envconfig.go tries before the name alone. */
const settings: ClientProgram = {
  kind: 'calico',
  endpoints: { variable: ['CALICO_ETCD_ENDPOINTS', 'ETCD_ENDPOINTS'] },
  ca: { variable: ['CALICO_ETCD_CA_CERT_FILE', 'ETCD_CA_CERT_FILE'] },
  cert: { variable: ['CALICO_ETCD_CERT_FILE', 'ETCD_CERT_FILE'] },
  key: { variable: ['CALICO_ETCD_KEY_FILE', 'ETCD_KEY_FILE'] },
  isMeant: ({ variables, label = '', program = '', origin }) =>
    variables.some(({ name }) => /^(?:ETCD_CA_CERT_FILE$|DATASTORE_TYPE$|CALICO_)/.test(name)) ||
    /calico/.test(`${label} ${program} ${origin.file}`),
};

export const client: EtcdClient = {
  name: 'calico',
  variables: 'fill in',
  inProcess: (process) => readClient(process, settings),
  words: ['CalicoAPIConfig', 'etcd_endpoints'],
  recognises: ({ text }) =>
    /^[ \t]*kind:[ \t]*["']?CalicoAPIConfig/m.test(text) ||
    /(?:^|[\s{,])"?etcd_endpoints"?[ \t]*:/m.test(text),
  inDocument: calico,
};

/**
 * calicoctl's file (projectcalico/calico libcalico-go/lib/apiconfig/apiconfig.go, EtcdConfig), which may
 * hold the PEM itself, and Calico's CNI configuration (cni-plugin/pkg/types/types.go, NetConf).
 */
function calico(document: DocumentNode, file: string): readonly ClientDraft[] {
  const kind = textOf(at(document, 'kind'));
  if (kind === 'CalicoAPIConfig') return calicoctl(document, file);
  if (kind === 'ConfigMap') return installed(document, file);

  const plugins = [document, ...itemsOf(at(document, 'plugins'))];
  return plugins.flatMap((plugin) => {
    const endpoints = listAt(plugin, 'etcd_endpoints');
    if (endpoints === undefined) return [];
    const parts = {
      kind: 'calico',
      name: 'calico-cni',
      endpoints,
      caFile: settingAt(plugin, 'etcd_ca_cert_file'),
      certFile: settingAt(plugin, 'etcd_cert_file'),
      keyFile: settingAt(plugin, 'etcd_key_file'),
    };
    return [clientFrom(parts, file)];
  });
}

/**
 * `calico-config` of Calico's manifests: its pods mount the Secret `calico-etcd-secrets` where the paths say
 * (projectcalico/calico manifests/calico-etcd.yaml).
 */
function installed(document: DocumentNode, file: string): readonly ClientDraft[] {
  const data = at(document, 'data');
  const endpoints = listAt(data, 'etcd_endpoints');
  if (endpoints === undefined) return [];
  const namespace = textOf(at(document, 'metadata', 'namespace')) ?? 'default';
  const parts = {
    kind: 'calico',
    endpoints,
    caFile: settingAt(data, 'etcd_ca'),
    certFile: settingAt(data, 'etcd_cert'),
    keyFile: settingAt(data, 'etcd_key'),
  };
  const source = `${namespace}/calico-etcd-secrets`;
  const mounts = [{ inside: '/calico-secrets', from: 'secret' as const, source }];
  return [{ ...clientFrom(parts, file), mounts }];
}

function calicoctl(document: DocumentNode, file: string): readonly ClientDraft[] {
  const spec = at(document, 'spec');
  const endpoints = listAt(spec, 'etcdEndpoints');
  if (endpoints === undefined) return [];

  const [ca, cert, key] = [
    fileOrText(spec, 'etcdCACertFile', 'etcdCACert', file),
    fileOrText(spec, 'etcdCertFile', 'etcdCert', file),
    fileOrText(spec, 'etcdKeyFile', 'etcdKey', file),
  ];
  const parts = {
    kind: 'calico',
    name: 'calicoctl',
    endpoints,
    caFile: ca.setting,
    certFile: cert.setting,
    keyFile: key.setting,
    embedded: [ca, cert, key].flatMap(({ embedded }) => embedded),
  };
  return [clientFrom(parts, file)];
}

/** A file's path, else the inline text under a path of its own. */
function fileOrText(
  spec: DocumentNode | undefined,
  fileKey: string,
  textKey: string,
  file: string,
): { setting?: Setting<string>; embedded: readonly TextFile[] } {
  const path = settingAt(spec, fileKey);
  if (path !== undefined) return { setting: path, embedded: [] };

  const text = settingAt(spec, textKey);
  if (text === undefined) return { embedded: [] };
  const place = `${file}#${textKey}`;
  return {
    setting: { value: place, origin: text.origin },
    embedded: [{ path: place, text: text.value }],
  };
}
