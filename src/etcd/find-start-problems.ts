import type { Setting } from '../model/settings.ts';
import { quote } from '../pki/go-text.ts';
import { isDuration } from './go-text.ts';
import { type RawSettings, textOf } from './raw-settings.ts';
import { problem } from './settings-problem.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import type { ProblemReason, SettingsProblem } from '../model/settings-problem.ts';

/** What embed/config.go Validate refuses between the URLs and TLS, in its order. */
export function findStartProblems(
  raw: RawSettings,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  return [
    ...logging(raw, version),
    ...clusterState(raw),
    ...waysToBootstrap(raw, version),
    ...discoveryByHalves(raw, version),
    ...timings(raw),
  ];
}

/** The same, after it has asked for the URLs to advertise. */
export function findCompactionProblems(raw: RawSettings): readonly SettingsProblem[] {
  const mode = textOf(raw, 'auto-compaction-mode');
  if (mode === undefined || ['periodic', 'revision'].includes(mode.value)) return [];
  const says = `unknown auto-compaction-mode ${quote(mode.value)}`;
  return [problem('refused-at-start', mode, 'unknown-compaction-mode', says)];
}

/** What etcd refuses while it sets up the server, after Validate. */
export function findServerProblems(raw: RawSettings): readonly SettingsProblem[] {
  return [...compactionRetention(raw), ...authToken(raw)];
}

const levels = ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'];

/** 3.4 compares the level as written; zap, from 3.5 on, ignores case and takes none for `info`. */
function logging(raw: RawSettings, version: EtcdVersion): readonly SettingsProblem[] {
  const zap = isAtLeast(version, '3.5.0');
  const logger = textOf(raw, 'logger');
  if (logger !== undefined && !['zap', ...(zap ? [] : ['capnslog'])].includes(logger.value)) {
    const says =
      logger.value === 'capnslog'
        ? '--logger=capnslog is removed in v3.5'
        : `unknown logger option ${quote(logger.value)}`;
    return [problem('refused-at-start', logger, 'unknown-value', says)];
  }
  const level = textOf(raw, 'log-level');
  if (level === undefined) return [];
  const known = zap ? ['', ...levels] : levels;
  if (known.includes(zap ? level.value.toLowerCase() : level.value)) return [];
  const says = `${zap ? 'unrecognized level:' : 'unknown level'} ${quote(level.value)}`;
  return [problem('refused-at-start', level, 'unknown-value', says)];
}

/** A count of revisions or hours, or else a duration, whatever the mode (embed/etcd.go). */
function compactionRetention(raw: RawSettings): readonly SettingsProblem[] {
  const retention = textOf(raw, 'auto-compaction-retention');
  if (retention === undefined || /^(?:\+?\d+)?$/.test(retention.value)) return [];
  if (isDuration(retention.value)) return [];
  const says = 'error parsing CompactionRetention: time: ';
  return [problem('refused-at-start', retention, 'no-retention', says)];
}

/** An empty name is in no cluster, and no name is in an empty cluster. Empty variables count as not set. */
export function findEmptyNames(raw: RawSettings): readonly SettingsProblem[] {
  const cluster = raw.get('initial-cluster');
  const blamed = [cluster, raw.get('name')].find((setting) => setting?.value === '');
  if (blamed === undefined || cluster === undefined) return [];
  const name = raw.get('name')?.value ?? 'default';
  const says = `couldn't find local name ${quote(String(name))} in the initial cluster configuration`;
  return [problem('refused-at-start', blamed, 'empty-name-or-cluster', says)];
}

/** auth/store.go NewTokenProvider: a kind, then options as `key=value`; a JWT needs to know how it is signed. */
function authToken(raw: RawSettings): readonly SettingsProblem[] {
  const token = textOf(raw, 'auth-token');
  if (token === undefined || token.value === '') return [];
  const [kind = '', ...options] = token.value.split(',');
  const keys = options.map((option) => option.split('=')[0]);
  const sound =
    ['simple', 'jwt'].includes(kind) &&
    options.every((option) => option.split('=').length === 2) &&
    new Set(keys).size === keys.length &&
    (kind !== 'jwt' || keys.includes('sign-method'));
  if (sound) return [];
  return [
    problem('refused-at-start', token, 'unknown-token-provider', 'auth: invalid auth options'),
  ];
}

/** As a flag or variable another value is refused when it is read. */
function clusterState(raw: RawSettings): readonly SettingsProblem[] {
  const state = textOf(raw, 'initial-cluster-state');
  if (state === undefined || ['new', 'existing'].includes(state.value)) return [];
  if (state.origin.via !== 'config-file') return [];
  const says = `unexpected clusterState ${quote(state.value)}`;
  return [problem('refused-at-start', state, 'unknown-cluster-state', says)];
}

function waysToBootstrap(raw: RawSettings, version: EtcdVersion): readonly SettingsProblem[] {
  const known = waysOf(version);
  const set = known
    .flatMap((name) => textOf(raw, name) ?? [])
    .filter(({ origin }) => origin.via !== 'assumed');
  const last = set.at(-1);
  if (last === undefined || set.length < 2) return [];
  const named = known.map((name) => JSON.stringify(name));
  const says = `multiple discovery or bootstrap flags are set. Choose one of ${named.slice(0, -1).join(', ')} or ${named.at(-1) ?? ''}`;
  return [problem('refused-at-start', last, 'two-ways-to-bootstrap', says)];
}

function waysOf(version: EtcdVersion): readonly string[] {
  return [
    'initial-cluster',
    ...(isAtLeast(version, '3.7.0') ? [] : ['discovery']),
    ...(isAtLeast(version, '3.6.0') ? ['discovery-endpoints'] : []),
    'discovery-srv',
  ];
}

function discoveryByHalves(raw: RawSettings, version: EtcdVersion): readonly SettingsProblem[] {
  if (!isAtLeast(version, '3.6.0')) return [];
  const token = textOf(raw, 'discovery-token');
  const endpoints = textOf(raw, 'discovery-endpoints');
  const given = token ?? endpoints;
  if (given === undefined || (token !== undefined && endpoints !== undefined)) return [];
  const says = 'both --discovery-token and --discovery-endpoints must be set';
  return [problem('refused-at-start', given, 'half-discovery', says)];
}

const longestElection = 50_000;

/** In milliseconds. */
function timings(raw: RawSettings): readonly SettingsProblem[] {
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

function refuse(setting: Setting<number>, why: ProblemReason, says: string) {
  return [problem('refused-at-start', setting, why, says)];
}

function milliseconds(raw: RawSettings, name: string, usual: number): Setting<number> {
  const setting = textOf(raw, name);
  const value = Number(setting?.value ?? usual);
  // What is no number is refused when it is read.
  return setting === undefined || !Number.isInteger(value)
    ? { value: usual, origin: { via: 'default' } }
    : { value, origin: setting.origin };
}
