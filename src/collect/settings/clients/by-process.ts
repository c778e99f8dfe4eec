import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { Setting, SettingsProblem } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import {
  clientOf,
  gatheredList,
  settingOf,
  type SettingNames,
  splitList,
  switchOf,
  tlsFiles,
  withScheme,
} from './client-settings.ts';
import { textsApart } from './inline-text.ts';

/** Where a program takes what it needs to dial etcd, on its command line and in its environment. */
interface ClientProgram {
  readonly kind: string;
  readonly endpoints: SettingNames;
  readonly ca: SettingNames;
  readonly cert: SettingNames;
  readonly key: SettingNames;
  readonly serverName?: SettingNames;
  readonly skipVerify?: SettingNames;
  /** What switches on, where that is not what Go's strconv.ParseBool takes for true. */
  readonly on?: RegExp;
  /** Whether the flag of the endpoints adds to them each time that it is given. */
  readonly gathers?: boolean;
  /** Whether the three files may be given by their text. */
  readonly takesText?: boolean;
  /** The process as the program reads it, where that differs from what is written. */
  readonly asRead?: (process: Process) => Process;
  /** Where others use the same names: whether it is this program. */
  readonly isMeant?: (process: Process) => boolean;
}

const programs: readonly ClientProgram[] = [
  {
    // projectcalico/calico libcalico-go/lib/apiconfig/apiconfig.go (EtcdConfig); load.go reads them with the
    // prefix `calico`, which kelseyhightower/envconfig envconfig.go tries before the name alone.
    kind: 'calico',
    endpoints: { variable: ['CALICO_ETCD_ENDPOINTS', 'ETCD_ENDPOINTS'] },
    ca: { variable: ['CALICO_ETCD_CA_CERT_FILE', 'ETCD_CA_CERT_FILE'] },
    cert: { variable: ['CALICO_ETCD_CERT_FILE', 'ETCD_CERT_FILE'] },
    key: { variable: ['CALICO_ETCD_KEY_FILE', 'ETCD_KEY_FILE'] },
    isMeant: ({ variables, label = '', program = '', origin }) =>
      variables.some(({ name }) => /^(?:ETCD_CA_CERT_FILE$|DATASTORE_TYPE$|CALICO_)/.test(name)) ||
      /calico/.test(`${label} ${program} ${origin.file}`),
  },
  {
    // projectcalico/calico felix/config/env_var_loader.go and config_params.go, where `none` sets nothing.
    kind: 'felix',
    endpoints: { variable: 'FELIX_ETCDENDPOINTS' },
    ca: { variable: 'FELIX_ETCDCAFILE' },
    cert: { variable: 'FELIX_ETCDCERTFILE' },
    key: { variable: 'FELIX_ETCDKEYFILE' },
    asRead: withoutNone,
  },
  {
    // kubernetes-sigs/external-dns provider/coredns/coredns.go (getETCDConfig), pkg/tlsutils/tlsconfig.go
    kind: 'external-dns',
    endpoints: { variable: 'ETCD_URLS' },
    ca: { variable: 'ETCD_CA_FILE' },
    cert: { variable: 'ETCD_CERT_FILE' },
    key: { variable: 'ETCD_KEY_FILE' },
    serverName: { variable: 'ETCD_TLS_SERVER_NAME' },
    skipVerify: { variable: 'ETCD_TLS_INSECURE' },
    on: /^(?:true|yes|1)$/i,
  },
  {
    // k3s-io/k3s pkg/cli/cmds/server.go (ServerFlags)
    kind: 'k3s',
    endpoints: { flag: 'datastore-endpoint', variable: 'K3S_DATASTORE_ENDPOINT' },
    ca: { flag: 'datastore-cafile', variable: 'K3S_DATASTORE_CAFILE' },
    cert: { flag: 'datastore-certfile', variable: 'K3S_DATASTORE_CERTFILE' },
    key: { flag: 'datastore-keyfile', variable: 'K3S_DATASTORE_KEYFILE' },
    isMeant: ({ program }) => program !== 'rke2',
  },
  {
    // https://docs.rke2.io/datastore/external: the flags of k3s (above), variables of its own. Early releases
    // dropped these flags (rancher/rke2 pkg/cli/cmds/server.go).
    kind: 'rke2',
    endpoints: { flag: 'datastore-endpoint', variable: 'RKE2_DATASTORE_ENDPOINT' },
    ca: { flag: 'datastore-cafile', variable: 'RKE2_DATASTORE_CAFILE' },
    cert: { flag: 'datastore-certfile', variable: 'RKE2_DATASTORE_CERTFILE' },
    key: { flag: 'datastore-keyfile', variable: 'RKE2_DATASTORE_KEYFILE' },
    isMeant: ({ program, variables }) =>
      program === 'rke2' ||
      (program === undefined && variables.some(({ name }) => name.startsWith('RKE2_DATASTORE_'))),
  },
  {
    // https://doc.traefik.io/traefik/providers/etcd; traefik/paerser flag/flagparser.go takes flags in any
    // case and gathers lists, traefik/traefik pkg/types/tls.go takes paths and contents.
    kind: 'traefik',
    endpoints: { flag: 'providers.etcd.endpoints', variable: 'TRAEFIK_PROVIDERS_ETCD_ENDPOINTS' },
    ca: { flag: 'providers.etcd.tls.ca', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_CA' },
    cert: { flag: 'providers.etcd.tls.cert', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_CERT' },
    key: { flag: 'providers.etcd.tls.key', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_KEY' },
    skipVerify: {
      flag: 'providers.etcd.tls.insecureskipverify',
      variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_INSECURESKIPVERIFY',
    },
    gathers: true,
    takesText: true,
    asRead: withFlagsInLowerCase,
  },
];

/** The clients that read their settings off the command line or the environment, without further rules. */
export function byProcess(process: Process): readonly ClientDraft[] {
  return programs
    .filter(({ isMeant }) => isMeant === undefined || isMeant(process))
    .flatMap((program) => readClient(program.asRead?.(process) ?? process, program));
}

function readClient(process: Process, program: ClientProgram): readonly ClientDraft[] {
  const endpoints = endpointsOf(process, program);
  if (endpoints === undefined) return [];
  const given = tlsFiles(process, program);
  const { files, embedded } =
    program.takesText === true
      ? textsApart(given, process.origin.file)
      : { files: given, embedded: [] };
  const serverName = optional(process, program.serverName);
  const skipVerify =
    program.skipVerify === undefined
      ? undefined
      : switchOf(process, program.skipVerify, program.on);
  const encrypted = Object.keys(files).length > 0 || skipVerify?.value === true;
  const client = clientOf(
    process,
    {
      name: program.kind,
      kind: program.kind,
      endpoints: withScheme(endpoints, encrypted),
      ...files,
      ...(serverName === undefined ? {} : { serverName }),
      ...(skipVerify === undefined ? {} : { insecureSkipVerify: skipVerify }),
      verifier: 'go',
      speaks: 'grpc',
    },
    halfPair(program.kind, files),
  );
  return [{ ...client, embedded }];
}

/** Undefined also for k3s and its like on a database of another kind. */
function endpointsOf(
  process: Process,
  { endpoints: names, gathers }: ClientProgram,
): Setting<readonly string[]> | undefined {
  if (gathers === true) return gatheredList(process, names);
  const setting = settingOf(process, names);
  const isOther = /^(?:mysql|postgres|sqlite|nats|http3):/.test(setting?.value ?? '');
  return setting === undefined || isOther ? undefined : splitList(setting);
}

function withoutNone(process: Process): Process {
  const variables = process.variables.filter(({ value }) => value.toLowerCase() !== 'none');
  return { ...process, variables };
}

function withFlagsInLowerCase(process: Process): Process {
  const words = process.words.map((word) => ({
    ...word,
    text: word.text.replace(/^--?[^=]+/, (flag) => flag.toLowerCase()),
  }));
  return { ...process, words };
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
