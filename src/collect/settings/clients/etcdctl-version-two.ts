import { wordSet } from '../../../model/table.ts';
import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import { defined } from '../../../model/defined.ts';
import type { Setting } from '../../../model/settings.ts';
import type { Problems } from '../../../model/settings-problem.ts';
import { type Process, releaseOfImage, variableOf } from '../process.ts';
import { isUnresolved } from '../unresolved.ts';
import { clientOf, settingOf, splitList, tlsFiles } from './client-settings.ts';
import type { CommandLineOfEtcdctl } from './etcdctl-command-line.ts';
import { readVersionTwo } from './etcdctl-words-of-version-two.ts';

export const filesOfTwo = {
  ca: { flag: 'ca-file', variable: 'ETCDCTL_CA_FILE' },
  cert: { flag: 'cert-file', variable: 'ETCDCTL_CERT_FILE' },
  key: { flag: 'key-file', variable: 'ETCDCTL_KEY_FILE' },
};

/** The first that is set counts (etcdctl/ctlv2/command/util.go getPeersFlagValue). */
const endpointNames = [
  { flag: 'endpoints', variable: 'ETCDCTL_ENDPOINTS' },
  { flag: 'endpoint', variable: 'ETCDCTL_ENDPOINT' },
  { flag: 'peers', variable: 'ETCDCTL_PEERS' },
];

const discovery = { flag: 'discovery-srv', variable: 'ETCDCTL_DISCOVERY_SRV' };

/** Of its two default endpoints, any of which serves, port 4001 is etcd's from before it had a registered one. */
const defaultEndpoints: Setting<readonly string[]> = {
  value: ['http://127.0.0.1:2379'],
  origin: { via: 'default' },
};

const ofVersionTwo = wordSet(
  'ETCDCTL_CA_FILE ETCDCTL_CERT_FILE ETCDCTL_KEY_FILE ETCDCTL_PEER ETCDCTL_PEERS ETCDCTL_ENDPOINT',
);

/** Whether a variable is read with API version 2 alone. */
export function isOfVersionTwo(name: string): boolean {
  return ofVersionTwo.has(name);
}

/** etcdctl with API version 2, which is the default up to 3.3 (etcdctl/ctlv2). */
export function versionTwo(
  started: Process,
  isNamed: boolean,
  filesOfThree: typeof filesOfTwo,
): ClientDraft {
  const line: CommandLineOfEtcdctl = isNamed ? readVersionTwo(started.words) : { words: [] };
  const process = { ...started, words: line.words };
  const meant = line.refused === undefined ? {} : tlsFiles(process, filesOfThree);
  const own = { ...tlsFiles(process, filesOfTwo), ...meant };
  const given = endpointNames.flatMap((each) => settingOf(process, each) ?? []);
  const endpoints = given[0] === undefined ? defaultEndpoints : splitList(given[0]);
  const { value, origin } = endpoints;
  const list = { value: value.map(withHttp), origin };
  return clientOf(
    process,
    {
      name: 'etcdctl',
      kind: 'etcdctl',
      endpoints: list,
      ...own,
      ...discoveryOf(process),
      ...releaseOfImage(process),
      verifier: 'go',
      speaks: 'grpc',
      asksVersionTwo: true,
    },
    problemsOf(process, line, own, endpoints),
  );
}

/** Files do not make an endpoint one of TLS. */
function withHttp(endpoint: string): string {
  return /^[a-z][a-z\d+.-]*:/i.test(endpoint) || isUnresolved(endpoint)
    ? endpoint
    : `http://${endpoint.replace(/^\/\//, '')}`;
}

/** A certificate has to name the domain, unless any value allows endpoints without TLS. */
function discoveryOf(process: Process): Pick<ClientDraft, 'discoverySrv' | 'serverName'> {
  const discoverySrv = settingOf(process, discovery);
  const isInsecure =
    process.words.some(({ text }) => text === '--insecure-discovery=true') ||
    variableOf(process, 'ETCDCTL_INSECURE_DISCOVERY') !== undefined;
  return defined({ discoverySrv, serverName: isInsecure ? undefined : discoverySrv });
}

function problemsOf(
  { variables }: Process,
  { refused }: CommandLineOfEtcdctl,
  own: ReturnType<typeof tlsFiles>,
  endpoints: Setting<readonly string[]>,
): Problems {
  if (refused !== undefined) return [refused];
  const isSet = (name: string) => variables.some((each) => each.name === name);
  const ofThree = variables.filter(
    ({ name }) => /^ETCDCTL_(?:CACERT|CERT|KEY)$/.test(name) && !isSet(nameOfTwo(name)),
  );
  return [
    ...halfPair(own),
    ...withoutScheme(endpoints),
    ...ofThree.map(({ name, location }) =>
      defined({
        kind: 'unknown-variable' as const,
        name,
        why: 'variable-of-other-api' as const,
        location,
      }),
    ),
  ];
}

function nameOfTwo(name: string): string {
  return name === 'ETCDCTL_CACERT' ? 'ETCDCTL_CA_FILE' : `${name}_FILE`;
}

/** `HOST:PORT` is no URL of http for Go's url.Parse, and with an address no URL at all. */
function withoutScheme(endpoints: Setting<readonly string[]>): Problems {
  const wrong = endpoints.value.find((text) => /^(?![a-z][a-z\d+.-]*:\/\/)[^/]*:/i.test(text));
  if (wrong === undefined || isUnresolved(wrong)) return [];
  const [, name] = /^([a-z][a-z\d+.-]*):/i.exec(wrong) ?? [];
  const says =
    name === undefined
      ? 'first path segment in URL cannot contain colon'
      : `unsupported protocol scheme "${name}"`;
  return [problem('refused-at-start', endpoints, 'endpoint-without-scheme', says)];
}

/** A certificate without its key, or the reverse. */
export function halfPair(given: Pick<ClientDraft, 'certFile' | 'keyFile'>): Problems {
  const { certFile, keyFile } = given;
  const only = certFile ?? keyFile;
  if (only === undefined || (certFile !== undefined && keyFile !== undefined)) return [];
  const says = `KeyFile and CertFile must both be present[key: ${keyFile?.value ?? ''}, cert: ${certFile?.value ?? ''}]`;
  return [problem('refused-at-start', only, 'half-pair-of-etcdctl', says)];
}
