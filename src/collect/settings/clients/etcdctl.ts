import { defined } from '../../../model/defined.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import { maySetVariables } from '../../../etcd/images.ts';
import { problem } from '../../../etcd/settings-problem.ts';
import type { Lifetime } from '../../../model/lifetime.ts';
import type { Setting } from '../../../model/settings.ts';
import { neededFiles, type Process, releaseOfImage, variableOf } from '../process.ts';
import { isUnresolved } from '../unresolved.ts';
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
import { type CommandLineOfEtcdctl, readCommandLine } from './etcdctl-command-line.ts';
import { filesOfTwo, halfPair, isOfVersionTwo, versionTwo } from './etcdctl-version-two.ts';
import type { Problems, SettingsProblem } from '../../../model/settings-problem.ts';

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

/** Variables that say how etcdctl connects; the others say what it asks and prints. */
const connecting: ReadonlySet<string> = new Set(
  Object.values(names).map(({ variable }) => variable),
);

const filesOfThree: ReadonlySet<string> = new Set(
  [names.ca, names.cert, names.key].map(({ variable }) => variable),
);

/**
 * Which API version etcdctl speaks: that of its variable, and up to 3.3 the second without it; since 3.6 there is none
 * but the third (etcdctl/main.go). OpenShift has each under a name of its own.
 */
function etcdctl(process: Process): readonly ClientDraft[] {
  if (!isStarted(process)) return [];
  const two = () => versionTwo(process, isNamed(process), names);
  const three = () => versionThree(process);
  switch (apiOf(process)) {
    case '2':
      return [during({ before: '3.6.0' }, two()), during({ since: '3.6.0' }, three())];
    case '3':
      return [three()];
    case '':
      return [during({ before: '3.4.0' }, two()), during({ since: '3.4.0' }, three())];
    default:
      return [
        during({ before: '3.6.0' }, withoutVersion(three(), process)),
        during({ since: '3.6.0' }, three()),
      ];
  }
}

/** What a script exports is for other commands too. */
function isStarted(process: Process): boolean {
  const connects = process.variables.some(
    ({ name }) => connecting.has(name) || isOfVersionTwo(name),
  );
  return connects || (isNamed(process) && !connectsToNothing(process));
}

function during(lifetime: Lifetime, read: ClientDraft): ClientDraft {
  return { ...read, lifetime };
}

/** The API version that is set; empty where none is. */
function apiOf(process: Process): string {
  const [, ofName] = /^etcdctl([23])$/.exec(process.program ?? '') ?? [];
  const value = variableOf(process, 'ETCDCTL_API')?.value ?? '';
  if (ofName !== undefined) return ofName;
  return isUnresolved(value) || (value === '' && maySetApi(process)) ? '3' : value;
}

/** Whether it may be set where nothing was seen, or the variables are for commands that set it. */
function maySetApi(process: Process): boolean {
  const { variables, image } = process;
  const isForCommands = !isNamed(process) && variables.some(({ name }) => filesOfThree.has(name));
  return isForCommands || maySetVariables(image?.text ?? '') || neededFiles(process).length > 0;
}

function withoutVersion(read: ClientDraft, process: Process): ClientDraft {
  const location = variableOf(process, 'ETCDCTL_API')?.location;
  const refused: SettingsProblem = {
    kind: 'refused-at-start',
    name: 'ETCDCTL_API',
    why: 'unknown-api-of-etcdctl',
    etcdSays: 'unsupported API version',
    ...defined({ location }),
  };
  return { ...read, problems: [refused] };
}

const defaultEndpoints: Setting<readonly string[]> = {
  value: ['127.0.0.1:2379'],
  origin: { via: 'default' },
};

/** By its command line, or by the variables that a script exports for it. */
function versionThree(started: Process): ClientDraft {
  const line: CommandLineOfEtcdctl = isNamed(started)
    ? readCommandLine(started.words)
    : { words: [] };
  const process = { ...started, words: line.words };
  const endpoints = settingOf(process, names.endpoints);
  // Where etcdctl ends over a flag of the other version, what was meant by it counts.
  const meant = line.refused === undefined ? {} : tlsFiles(process, filesOfTwo);
  const files = { ...tlsFiles(process, names), ...meant };
  const skipVerify = effectiveSkip(process, Object.keys(files).length > 0);
  const list = endpoints === undefined ? defaultEndpoints : readerOf(process)(endpoints);
  return clientOf(
    process,
    {
      name: 'etcdctl',
      kind: 'etcdctl',
      endpoints: withScheme(list, encrypts(process, files)),
      ...files,
      ...discoveryOf(process),
      ...(skipVerify === undefined ? {} : { insecureSkipVerify: skipVerify }),
      ...releaseOfImage(process),
      verifier: 'go',
      speaks: 'grpc',
    },
    problemsOf(process, files, line),
  );
}

/** Else the variables are those of a script, or of a container of etcd, whose flags are its own. */
function isNamed({ program }: Process): boolean {
  return program !== undefined && /^etcdctl\d?$/.test(program);
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

function problemsOf(
  process: Process,
  files: Pick<ClientDraft, 'certFile' | 'keyFile'>,
  { refused }: CommandLineOfEtcdctl,
): Problems {
  return refused === undefined
    ? [...halfPair(files), ...conflicts(process), ...ofVersionTwo(process), ...idleSkip(process)]
    : [refused];
}

/** Fatal for etcdctl as for etcd, whatever the two say; 3.3 takes the flag. */
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
        during: { since: '3.4.0' },
        ...(given.location === undefined ? {} : { location: given.location }),
      },
    ];
  });
}

function ofVersionTwo(process: Process): Problems {
  return process.variables
    .filter(({ name }) => isOfVersionTwo(name))
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
  const files = Object.keys(tlsFiles(process, names)).length > 0;
  const insecure = switchOf(process, names.insecureTransport)?.value ?? true;
  if (skip?.value !== true || files || !insecure) return [];
  return [problem('without-effect', skip, 'nothing-to-skip')];
}
