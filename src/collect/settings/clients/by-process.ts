import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { Setting, SettingsProblem } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import {
  clientOf,
  settingOf,
  type SettingNames,
  splitList,
  switchOf,
  tlsFiles,
  withScheme,
} from './client-settings.ts';

/** Where a program takes what it needs to dial etcd, on its command line and in its environment. */
interface ClientProgram {
  readonly kind: string;
  readonly endpoints: SettingNames;
  readonly ca: SettingNames;
  readonly cert: SettingNames;
  readonly key: SettingNames;
  readonly serverName?: SettingNames;
  readonly skipVerify?: SettingNames;
  /** Where others use the same names: whether it is this program. */
  readonly isMeant?: (process: Process) => boolean;
}

const programs: readonly ClientProgram[] = [
  {
    // https://docs.tigera.io/calico/latest/operations/calicoctl/configure/etcd
    kind: 'calico',
    endpoints: { variable: 'ETCD_ENDPOINTS' },
    ca: { variable: 'ETCD_CA_CERT_FILE' },
    cert: { variable: 'ETCD_CERT_FILE' },
    key: { variable: 'ETCD_KEY_FILE' },
    isMeant: ({ variables, label = '', program = '', origin }) =>
      variables.some(({ name }) => /^(?:ETCD_CA_CERT_FILE$|DATASTORE_TYPE$|CALICO_)/.test(name)) ||
      /calico/.test(`${label} ${program} ${origin.file}`),
  },
  {
    // https://docs.tigera.io/calico/latest/reference/felix/configuration
    kind: 'felix',
    endpoints: { variable: 'FELIX_ETCDENDPOINTS' },
    ca: { variable: 'FELIX_ETCDCAFILE' },
    cert: { variable: 'FELIX_ETCDCERTFILE' },
    key: { variable: 'FELIX_ETCDKEYFILE' },
  },
  {
    // https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/coredns.md
    kind: 'external-dns',
    endpoints: { variable: 'ETCD_URLS' },
    ca: { variable: 'ETCD_CA_FILE' },
    cert: { variable: 'ETCD_CERT_FILE' },
    key: { variable: 'ETCD_KEY_FILE' },
    serverName: { variable: 'ETCD_TLS_SERVER_NAME' },
    skipVerify: { variable: 'ETCD_TLS_INSECURE' },
  },
  {
    // https://docs.k3s.io/datastore
    kind: 'k3s',
    endpoints: { flag: 'datastore-endpoint', variable: 'K3S_DATASTORE_ENDPOINT' },
    ca: { flag: 'datastore-cafile', variable: 'K3S_DATASTORE_CAFILE' },
    cert: { flag: 'datastore-certfile', variable: 'K3S_DATASTORE_CERTFILE' },
    key: { flag: 'datastore-keyfile', variable: 'K3S_DATASTORE_KEYFILE' },
  },
  {
    // https://docs.rke2.io/reference/server_config
    kind: 'rke2',
    endpoints: { variable: 'RKE2_DATASTORE_ENDPOINT' },
    ca: { variable: 'RKE2_DATASTORE_CAFILE' },
    cert: { variable: 'RKE2_DATASTORE_CERTFILE' },
    key: { variable: 'RKE2_DATASTORE_KEYFILE' },
  },
  {
    // https://doc.traefik.io/traefik/providers/etcd/
    kind: 'traefik',
    endpoints: { flag: 'providers.etcd.endpoints', variable: 'TRAEFIK_PROVIDERS_ETCD_ENDPOINTS' },
    ca: { flag: 'providers.etcd.tls.ca', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_CA' },
    cert: { flag: 'providers.etcd.tls.cert', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_CERT' },
    key: { flag: 'providers.etcd.tls.key', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_KEY' },
    skipVerify: {
      flag: 'providers.etcd.tls.insecureskipverify',
      variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_INSECURESKIPVERIFY',
    },
  },
];

/** The clients that read their settings off the command line or the environment, without further rules. */
export function byProcess(process: Process): readonly ClientDraft[] {
  return programs
    .filter(({ isMeant }) => isMeant === undefined || isMeant(process))
    .flatMap((program) => readClient(process, program));
}

function readClient(process: Process, program: ClientProgram): readonly ClientDraft[] {
  const endpoints = settingOf(process, program.endpoints);
  // k3s and its like take databases of other kinds too.
  if (endpoints === undefined || /^(?:mysql|postgres|sqlite|nats|http3):/.test(endpoints.value)) {
    return [];
  }
  const files = tlsFiles(process, program);
  const serverName = optional(process, program.serverName);
  const skipVerify =
    program.skipVerify === undefined ? undefined : switchOf(process, program.skipVerify);
  const encrypted = Object.keys(files).length > 0 || skipVerify?.value === true;
  return [
    clientOf(
      process,
      {
        name: program.kind,
        kind: program.kind,
        endpoints: withScheme(splitList(endpoints), encrypted),
        ...files,
        ...(serverName === undefined ? {} : { serverName }),
        ...(skipVerify === undefined ? {} : { insecureSkipVerify: skipVerify }),
        verifier: 'go',
        speaks: 'grpc',
      },
      halfPair(program.kind, files),
    ),
  ];
}

function optional(process: Process, names: SettingNames | undefined) {
  return names === undefined ? undefined : settingOf(process, names);
}

/** A certificate without its key, or the reverse, helps nobody. */
function halfPair(
  client: string,
  { certFile, keyFile }: Pick<ClientDraft, 'certFile' | 'keyFile'>,
): readonly SettingsProblem[] {
  const given: readonly Setting<string>[] = [certFile, keyFile].filter(
    (file) => file !== undefined,
  );
  const [only] = given;
  if (only === undefined || given.length === 2) return [];
  const missing = certFile === undefined ? 'certificate' : 'key';
  return [problem('without-effect', only, `${client} is given no ${missing} to go with this file`)];
}
