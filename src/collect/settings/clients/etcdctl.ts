import { defined } from '../../../model/defined.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import { problem } from '../../../etcd/settings-problem.ts';
import type { Setting } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import { connectsToNothing } from '../local-commands.ts';
import {
  clientOf,
  settingOf,
  type ReadList,
  splitList,
  switchOf,
  tlsFiles,
  trimmedList,
  withScheme,
} from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import {
  type CommandLineOfEtcdctl,
  hasFlagOfVersionTwo,
  readCommandLine,
  refusedByVersionTwo,
} from './etcdctl-command-line.ts';
import type { Problems } from '../../../model/settings-problem.ts';

export const client: EtcdClient = { name: 'etcdctl', variables: 'conflict', inProcess: etcdctl };

const names = {
  endpoints: { flag: 'endpoints', variable: 'ETCDCTL_ENDPOINTS' },
  ca: { flag: 'cacert', variable: 'ETCDCTL_CACERT' },
  cert: { flag: 'cert', variable: 'ETCDCTL_CERT' },
  key: { flag: 'key', variable: 'ETCDCTL_KEY' },
  discoverySrv: { flag: 'discovery-srv', variable: 'ETCDCTL_DISCOVERY_SRV' },
  insecureDiscovery: { flag: 'insecure-discovery', variable: 'ETCDCTL_INSECURE_DISCOVERY' },
  insecureTransport: { flag: 'insecure-transport', variable: 'ETCDCTL_INSECURE_TRANSPORT' },
  skipVerify: { flag: 'insecure-skip-tls-verify', variable: 'ETCDCTL_INSECURE_SKIP_TLS_VERIFY' },
};

/** etcdctl with API version 2, which is the default until 3.4 (etcdctl/ctlv2/ctl.go). */
const namesOfVersionTwo = {
  ca: { flag: 'ca-file', variable: 'ETCDCTL_CA_FILE' },
  cert: { flag: 'cert-file', variable: 'ETCDCTL_CERT_FILE' },
  key: { flag: 'key-file', variable: 'ETCDCTL_KEY_FILE' },
};

/** Variables that say how etcdctl connects; the others say what it asks and prints. */
const connecting: ReadonlySet<string> = new Set(
  Object.values(names).map(({ variable }) => variable),
);

function filesOf(process: Process) {
  // Since 3.6 there is no version 2, and the variable has no effect.
  if (apiOf(process) === '2') {
    return { ...tlsFiles(process, names), ...tlsFiles(process, namesOfVersionTwo) };
  }
  // Where etcdctl ends over a flag of the other version, what was meant by it counts.
  return isNamed(process) && hasFlagOfVersionTwo(process.words)
    ? { ...tlsFiles(process, names), ...tlsFiles(process, namesOfVersionTwo) }
    : tlsFiles(process, names);
}

function apiOf({ variables }: Process): string | undefined {
  return variables.findLast(({ name }) => name === 'ETCDCTL_API')?.value;
}

const defaultEndpoints: Setting<readonly string[]> = {
  value: ['127.0.0.1:2379'],
  origin: { via: 'default' },
};

/** etcdctl with API version 3, by its command line or by the variables that a script exports for it. */
function etcdctl(started: Process): readonly ClientDraft[] {
  const named = isNamed(started);
  const line = named ? lineOf(started) : { words: started.words };
  const process = { ...started, words: line.words };
  const connects = process.variables.filter(
    ({ name }) => connecting.has(name) || versionTwo.test(name),
  );
  // What a script exports is for other commands too.
  if (connects.length === 0 && (!named || connectsToNothing(started))) return [];

  const endpoints = settingOf(process, names.endpoints);
  const files = filesOf(process);
  const skipVerify = effectiveSkip(process, Object.keys(files).length > 0);
  const list = endpoints === undefined ? defaultEndpoints : readerOf(process)(endpoints);
  return [
    clientOf(
      process,
      {
        name: 'etcdctl',
        kind: 'etcdctl',
        endpoints: withScheme(list, encrypts(process, files)),
        ...files,
        ...discoveryOf(process),
        ...(skipVerify === undefined ? {} : { insecureSkipVerify: skipVerify }),
        verifier: 'go',
        speaks: 'grpc',
      },
      problemsOf(process, files, line),
    ),
  ];
}

/** Else the variables are those of a script, or of a container of etcd, whose flags are its own. */
function isNamed({ program }: Process): boolean {
  return program !== undefined && /^etcdctl\d?$/.test(program);
}

function lineOf(process: Process): CommandLineOfEtcdctl {
  const read = readCommandLine(process.words);
  return apiOf(process) === '2' ? { ...read, words: process.words } : read;
}

/** The certificate has to name the domain only where insecure discovery is off (etcdctl/ctlv3/command/global.go). */
function discoveryOf(process: Process): Pick<ClientDraft, 'discoverySrv' | 'serverName'> {
  const discoverySrv = settingOf(process, names.discoverySrv);
  const isVerified = switchOf(process, names.insecureDiscovery)?.value === false;
  return defined({ discoverySrv, serverName: isVerified ? discoverySrv : undefined });
}

/**
 * Since 3.4 etcdctl drops blanks around endpoints, but for the commands that ask each of them
 * (etcdctl/ctlv3/command/ep_command.go).
 */
function readerOf({ words }: Process): ReadList {
  const texts = words.map(({ text }) => text);
  const at = texts.indexOf('endpoint');
  const asksEach = at >= 0 && /^(?:health|status|hashkv)$/.test(texts[at + 1] ?? '');
  return asksEach && !texts.includes('--cluster') ? splitList : trimmedList;
}

/** An endpoint without a scheme is dialled by TLS only where a file is given (client/v3 endpoint.go). */
function encrypts(process: Process, files: object): boolean {
  const insecure = switchOf(process, names.insecureTransport)?.value ?? true;
  return Object.keys(files).length > 0 || !insecure;
}

/** Up to 3.5 the switch alone does nothing (etcdctl/ctlv3/command/global.go newClientCfg). */
function effectiveSkip(process: Process, hasFiles: boolean): Setting<boolean> | undefined {
  const skip = switchOf(process, names.skipVerify);
  const insecure = switchOf(process, names.insecureTransport)?.value ?? true;
  return skip !== undefined && !hasFiles && insecure ? undefined : skip;
}

const versionTwo = /^ETCDCTL_(?:CA_FILE|CERT_FILE|KEY_FILE|PEERS?|ENDPOINT)$/;

function problemsOf(
  process: Process,
  files: Pick<ClientDraft, 'certFile' | 'keyFile'>,
  { refused }: CommandLineOfEtcdctl,
): Problems {
  const ofThree = refused === undefined ? [...halfPair(files), ...conflicts(process)] : [refused];
  if (apiOf(process) !== '2') {
    return refused === undefined
      ? [...ofThree, ...ofVersionTwo(process), ...idleSkip(process)]
      : ofThree;
  }
  const ofTwo = refusedByVersionTwo(process.words);
  return [
    ...during('since 3.6.0', [...ofThree, ...ignored(process, namesOfVersionTwo, names)]),
    ...during('before 3.6.0', [
      ...(ofTwo === undefined ? [] : [ofTwo]),
      ...ignored(process, names, namesOfVersionTwo),
    ]),
  ];
}

function during(lifetime: string, problems: Problems): Problems {
  return problems.map((each) => ({ ...each, values: { ...each.values, lifetime } }));
}

type NamesOfFiles = Parameters<typeof tlsFiles>[1];

/** Variables of one version that the other has no variable for that is set, and ignores. */
function ignored(process: Process, own: NamesOfFiles, others: NamesOfFiles): Problems {
  return (['ca', 'cert', 'key'] as const).flatMap((file) => {
    const setting = settingOf(process, own[file]);
    const isKnown = settingOf(process, others[file]) !== undefined;
    return setting === undefined || isKnown || setting.origin.via !== 'environment'
      ? []
      : [problem('unknown-variable', setting, 'variable-of-other-api')];
  });
}

function halfPair(files: Pick<ClientDraft, 'certFile' | 'keyFile'>): Problems {
  const given = [files.certFile, files.keyFile].filter((file) => file !== undefined);
  const [only] = given;
  if (only === undefined || given.length === 2) return [];
  const says = `KeyFile and CertFile must both be present[key: ${files.keyFile?.value ?? ''}, cert: ${files.certFile?.value ?? ''}]`;
  return [problem('refused-at-start', only, 'half-pair-of-etcdctl', says)];
}

/** Fatal for etcdctl as for etcd, whatever the two say. */
function conflicts(process: Process): Problems {
  return process.words.flatMap(({ text }) => {
    const flag = /^--([^=]+)/.exec(text)?.[1] ?? '';
    const variable = `ETCDCTL_${flag.toUpperCase().replaceAll('-', '_')}`;
    const given = process.variables.find(({ name }) => name === variable);
    if (given === undefined) return [];
    return [
      {
        kind: 'refused-at-start' as const,
        name: variable,
        why: 'flag-of-etcdctl' as const,
        values: { flag },
        ...(given.location === undefined ? {} : { location: given.location }),
      },
    ];
  });
}

function ofVersionTwo(process: Process): Problems {
  return process.variables
    .filter(({ name }) => versionTwo.test(name))
    .map(({ name, value, location }) => ({
      kind: 'unknown-variable' as const,
      name,
      why: 'variable-of-api-2' as const,
      etcdSays: `unrecognized environment variable ${name}=${value}`,
      ...(location === undefined ? {} : { location }),
    }));
}

function idleSkip(process: Process): Problems {
  const skip = switchOf(process, names.skipVerify);
  const files = Object.keys(filesOf(process)).length > 0;
  const insecure = switchOf(process, names.insecureTransport)?.value ?? true;
  if (skip?.value !== true || files || !insecure) return [];
  return [problem('without-effect', skip, 'nothing-to-skip')];
}
