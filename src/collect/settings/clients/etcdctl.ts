import type { ClientDraft } from '../../../model/draft.ts';
import { problem } from '../../../etcd/settings-problem.ts';
import type { Setting } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import { connectsToNothing } from '../local-commands.ts';
import {
  clientOf,
  occurrences,
  settingOf,
  type ReadList,
  splitList,
  switchOf,
  tlsFiles,
  trimmedList,
  withScheme,
} from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import type { Problems } from '../../../model/settings-problem.ts';

export const client: EtcdClient = { name: 'etcdctl', inProcess: etcdctl };

const names = {
  endpoints: { flag: 'endpoints', variable: 'ETCDCTL_ENDPOINTS' },
  ca: { flag: 'cacert', variable: 'ETCDCTL_CACERT' },
  cert: { flag: 'cert', variable: 'ETCDCTL_CERT' },
  key: { flag: 'key', variable: 'ETCDCTL_KEY' },
  serverName: { flag: 'discovery-srv', variable: 'ETCDCTL_DISCOVERY_SRV' },
  insecureTransport: { flag: 'insecure-transport', variable: 'ETCDCTL_INSECURE_TRANSPORT' },
  skipVerify: { flag: 'insecure-skip-tls-verify', variable: 'ETCDCTL_INSECURE_SKIP_TLS_VERIFY' },
};

/** etcdctl with API version 2, which is the default until 3.4 (etcdctl/ctlv2/ctl.go). */
const namesOfVersionTwo = {
  ca: { flag: 'ca-file', variable: 'ETCDCTL_CA_FILE' },
  cert: { flag: 'cert-file', variable: 'ETCDCTL_CERT_FILE' },
  key: { flag: 'key-file', variable: 'ETCDCTL_KEY_FILE' },
};

function filesOf(process: Process) {
  return tlsFiles(process, apiOf(process) === '2' ? namesOfVersionTwo : names);
}

function apiOf({ variables }: Process): string | undefined {
  return variables.findLast(({ name }) => name === 'ETCDCTL_API')?.value;
}

const defaultEndpoints: Setting<readonly string[]> = {
  value: ['127.0.0.1:2379'],
  origin: { via: 'default' },
};

/** etcdctl with API version 3, by its command line or by the variables that a script exports for it. */
function etcdctl(process: Process): readonly ClientDraft[] {
  const named = process.program !== undefined && /^etcdctl\d?$/.test(process.program);
  const variables = process.variables.filter(({ name }) => name.startsWith('ETCDCTL_'));
  const connects = variables.filter(({ name }) => !/^ETCDCTL_(?:API|VERSION|VER)$/.test(name));
  // What a script exports is for other commands too.
  if (connects.length === 0 && (!named || connectsToNothing(process))) return [];

  const endpoints = settingOf(process, names.endpoints);
  const files = filesOf(process);
  const serverName = settingOf(process, names.serverName);
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
        ...(serverName === undefined ? {} : { serverName }),
        ...(skipVerify === undefined ? {} : { insecureSkipVerify: skipVerify }),
        verifier: 'go',
        speaks: 'grpc',
      },
      problemsOf(process, files),
    ),
  ];
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

function problemsOf(process: Process, files: Pick<ClientDraft, 'certFile' | 'keyFile'>): Problems {
  return [
    ...halfPair(files),
    ...conflicts(process),
    ...ofVersionTwo(process),
    ...idleSkip(process),
  ];
}

function halfPair(files: Pick<ClientDraft, 'certFile' | 'keyFile'>): Problems {
  const given = [files.certFile, files.keyFile].filter((file) => file !== undefined);
  const [only] = given;
  if (only === undefined || given.length === 2) return [];
  const says = `KeyFile and CertFile must both be present[key: ${files.keyFile?.value ?? ''}, cert: ${files.certFile?.value ?? ''}]`;
  return [problem('refused-at-start', only, 'half-pair-of-etcdctl', says)];
}

/** Fatal for etcdctl as for etcd. */
function conflicts(process: Process): Problems {
  return Object.values(names).flatMap(({ flag, variable }) => {
    const given = process.variables.find(({ name }) => name === variable);
    if (given === undefined || occurrences(process.words, flag).length === 0) return [];
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
  if (apiOf(process) === '2') return [];
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
