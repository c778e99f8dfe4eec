import type { Setting } from '../model/settings.ts';
import { quote } from '../pki/go-text.ts';
import { type RawSettings, textOf } from './raw-settings.ts';
import { refuse } from './settings-problem.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import type { Problems } from '../model/settings-problem.ts';

/** What embed/config.go Validate refuses between the URLs and TLS, in its order. */
export function findStartProblems(raw: RawSettings, version: EtcdVersion): Problems {
  return [
    ...clusterState(raw),
    ...waysToBootstrap(raw, version),
    ...discoveryOfTwoKinds(raw, version),
    ...discoveryByHalves(raw, version),
    ...timings(raw),
  ];
}

/** As a flag or variable another value is refused when it is read. */
function clusterState(raw: RawSettings): Problems {
  const state = textOf(raw, 'initial-cluster-state');
  if (state === undefined || ['new', 'existing'].includes(state.value)) return [];
  if (state.origin.via !== 'config-file') return [];
  const says = `unexpected clusterState ${quote(state.value)}`;
  return refuse(state, 'unknown-cluster-state', says);
}

function waysToBootstrap(raw: RawSettings, version: EtcdVersion): Problems {
  const known = waysOf(version);
  const set = known
    .flatMap((name) => (name === discoveryEndpoints ? endpointsOf(raw) : textOf(raw, name)) ?? [])
    .filter(({ origin }) => origin.via !== 'assumed');
  const last = set.at(-1);
  if (last === undefined || set.length < 2) return [];
  const named = known.map((name) => JSON.stringify(name));
  const says = `multiple discovery or bootstrap flags are set. Choose one of ${named.slice(0, -1).join(', ')} or ${named.at(-1) ?? ''}`;
  return refuse(last, 'two-ways-to-bootstrap', says);
}

const discoveryEndpoints = 'discovery-endpoints';

/** An empty flag is a list of one empty endpoint, where an empty variable or key counts as not set. */
function endpointsOf(raw: RawSettings): Setting<string> | undefined {
  const given = raw.get(discoveryEndpoints);
  const isEmptyFlag = given?.value === '' && given.origin.via === 'flag';
  return isEmptyFlag ? { ...given, value: '' } : textOf(raw, discoveryEndpoints);
}

function waysOf(version: EtcdVersion): readonly string[] {
  return [
    'initial-cluster',
    ...(isAtLeast(version, '3.7.0') ? [] : ['discovery']),
    ...(isAtLeast(version, '3.6.0') ? [discoveryEndpoints] : []),
    'discovery-srv',
  ];
}

function discoveryByHalves(raw: RawSettings, version: EtcdVersion): Problems {
  if (!isAtLeast(version, '3.6.0')) return [];
  const token = textOf(raw, 'discovery-token');
  const endpoints = endpointsOf(raw);
  const given = token ?? endpoints;
  if (given === undefined) return [];
  if (token !== undefined && endpoints !== undefined) return emptyEndpoints(endpoints, version);
  const says = 'both --discovery-token and --discovery-endpoints must be set';
  return refuse(given, 'half-discovery', says);
}

function emptyEndpoints(endpoints: Setting<string>, version: EtcdVersion): Problems {
  const isEmpty = endpoints.value.split(',').some((endpoint) => endpoint.trim() === '');
  if (!isEmpty || !isAtLeast(version, '3.6.1')) return [];
  const says = '--discovery-endpoints must not contain empty endpoints';
  return refuse(endpoints, 'half-discovery', says);
}

/** `discovery` with endpoints is rejected before, as a second way to bootstrap. */
function discoveryOfTwoKinds(raw: RawSettings, version: EtcdVersion): Problems {
  const old = textOf(raw, 'discovery-proxy');
  const names = ['endpoints', 'token', 'cert', 'key', 'cacert', 'user', 'password'];
  const isNew = names.some((name) => textOf(raw, `discovery-${name}`) !== undefined);
  if (old === undefined || !isNew || !isAtLeast(version, '3.6.0')) return [];
  const says = 'both v2 discovery settings (discovery, discovery-proxy) and v3 discovery settings';
  return refuse(old, 'two-ways-to-bootstrap', says);
}

const longestElection = 50_000;

/** In milliseconds. */
function timings(raw: RawSettings): Problems {
  const heartbeat = milliseconds(raw, 'heartbeat-interval', 100);
  const election = milliseconds(raw, 'election-timeout', 1000);
  if (heartbeat.value === 0) {
    return refuse(heartbeat, 'zero-heartbeat', '--heartbeat-interval must be >0 (set to 0ms)');
  }
  if (election.value === 0) {
    return refuse(election, 'zero-election', '--election-timeout must be >0 (set to 0ms)');
  }
  const blamed = election.origin.via === 'default' ? heartbeat : election;
  if (5 * heartbeat.value > election.value) {
    const says = `--election-timeout[${election.value}ms] should be at least as 5 times as --heartbeat-interval[${heartbeat.value}ms]`;
    return refuse(blamed, 'few-heartbeats', says);
  }
  if (election.value <= longestElection) return [];
  const says = `--election-timeout[${election.value}ms] is too long, and should be set less than ${longestElection}ms`;
  return refuse(election, 'long-election', says);
}

function milliseconds(raw: RawSettings, name: string, usual: number): Setting<number> {
  const setting = textOf(raw, name);
  const value = Number(setting?.value ?? usual);
  // What is no number is refused when it is read.
  return setting === undefined || !Number.isInteger(value)
    ? { value: usual, origin: { via: 'default' } }
    : { value, origin: setting.origin };
}
