import { expect, test } from 'vitest';
import { cannotFetch } from '../../src/etcd/find-url-problems.ts';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';

const urls = {
  ETCD_LISTEN_CLIENT_URLS: 'http://10.0.0.1:2379',
  ETCD_ADVERTISE_CLIENT_URLS: 'http://10.0.0.1:2379',
};

function refusals(variables: Readonly<Record<string, string>>, version = '3.5.30') {
  const all = { ...urls, ...variables };
  const { problems } = readMemberSettings(
    [
      {
        kind: 'environment',
        variables: Object.entries(all).map(([name, value]) => ({ name, value })),
      },
    ],
    etcdVersion(version),
  );
  return problems.filter(({ kind }) => kind === 'refused-at-start').map(({ etcdSays }) => etcdSays);
}

const twice = 'multiple discovery or bootstrap flags are set. Choose one of';

test.each<{ title: string; variables: Record<string, string>; version?: string; says: string[] }>([
  { title: 'sound settings', variables: {}, says: [] },
  {
    title: 'two ways to bootstrap on 3.5',
    variables: {
      ETCD_NAME: 'a',
      ETCD_INITIAL_ADVERTISE_PEER_URLS: 'http://10.0.0.1:2380',
      ETCD_INITIAL_CLUSTER: 'a=http://10.0.0.1:2380',
      ETCD_DISCOVERY_SRV: 'etcd.test',
    },
    says: [`${twice} "initial-cluster", "discovery" or "discovery-srv"`],
  },
  {
    title: 'two ways to bootstrap on 3.6',
    variables: { ETCD_DISCOVERY: 'http://a/', ETCD_DISCOVERY_SRV: 'etcd.test' },
    version: '3.6.16',
    says: [`${twice} "initial-cluster", "discovery", "discovery-endpoints" or "discovery-srv"`],
  },
  // etcd 3.4.41 was seen to end so, with and without zap; 3.4.23 and 3.5.12 serve.
  ...[
    { version: '3.4.23', variables: {}, says: [] },
    {
      version: '3.4.41',
      variables: {},
      says: ['panic: runtime error: invalid memory address or nil pointer dereference'],
    },
    {
      version: '3.4.41',
      variables: { ETCD_LOGGER: 'zap' },
      says: ['failed to build resolver: invalid (non-empty) authority: sock:0'],
    },
    { version: '3.4.41', variables: { ETCD_ENABLE_GRPC_GATEWAY: 'false' }, says: [] },
    { version: '3.5.12', variables: {}, says: [] },
  ].map((row) => ({
    ...row,
    title: `a socket alone on ${row.version}`,
    variables: { ...row.variables, ETCD_LISTEN_CLIENT_URLS: 'unix://sock:0' },
  })),
  {
    title: 'an election timeout below five heartbeats',
    variables: { ETCD_HEARTBEAT_INTERVAL: '100', ETCD_ELECTION_TIMEOUT: '200' },
    says: [
      '--election-timeout[200ms] should be at least as 5 times as --heartbeat-interval[100ms]',
    ],
  },
  {
    title: 'heartbeats that the default timeout does not fit',
    variables: { ETCD_HEARTBEAT_INTERVAL: '500' },
    says: [
      '--election-timeout[1000ms] should be at least as 5 times as --heartbeat-interval[500ms]',
    ],
  },
  {
    title: 'an election timeout of a minute',
    variables: { ETCD_ELECTION_TIMEOUT: '60000' },
    says: ['--election-timeout[60000ms] is too long, and should be set less than 50000ms'],
  },
  {
    title: 'discovery without endpoints',
    variables: { ETCD_DISCOVERY_TOKEN: 'x' },
    version: '3.6.16',
    says: ['both --discovery-token and --discovery-endpoints must be set'],
  },
  {
    title: 'an unknown compaction mode',
    variables: { ETCD_AUTO_COMPACTION_MODE: 'daily' },
    says: ['unknown auto-compaction-mode "daily"'],
  },
  {
    title: 'a level that zap does not know',
    variables: { ETCD_LOG_LEVEL: 'verbose' },
    says: ['unrecognized level: "verbose"'],
  },
  { title: 'a level in capitals from 3.5 on', variables: { ETCD_LOG_LEVEL: 'INFO' }, says: [] },
  {
    title: 'a level in capitals on 3.4',
    variables: { ETCD_LOG_LEVEL: 'INFO' },
    version: '3.4.23',
    says: ['unknown level "INFO"'],
  },
  {
    title: 'the logger that 3.5 removed',
    variables: { ETCD_LOGGER: 'capnslog' },
    says: ['--logger=capnslog is removed in v3.5'],
  },
  {
    title: 'values that etcd accepts',
    variables: {
      ETCD_LOGGER: 'capnslog',
      ETCD_LOG_LEVEL: 'dpanic',
      ETCD_AUTH_TOKEN: 'jwt,pub-key=a,priv-key=b,sign-method=RS256',
      ETCD_AUTO_COMPACTION_RETENTION: '+8',
      ETCD_INITIAL_CLUSTER_STATE: 'new',
      ETCD_DISCOVERY_FALLBACK: 'exit',
      ETCD_PROXY: 'readonly',
    },
    version: '3.4.23',
    says: [],
  },
  {
    title: 'a member that joins without a list of others',
    variables: { ETCD_INITIAL_CLUSTER_STATE: 'existing' },
    says: [cannotFetch],
  },
  {
    title: 'a retention as a duration, and an empty name',
    variables: {
      ETCD_AUTO_COMPACTION_RETENTION: '1h30m',
      ETCD_NAME: '',
      ETCD_AUTH_TOKEN: 'simple',
    },
    says: [],
  },
])('$title', ({ variables, version, says }) => {
  expect(refusals(variables, version)).toEqual(says);
});
