import { quote } from '../pki/go-text.ts';
import type { Problems } from '../model/settings-problem.ts';
import { experimentalFeatures, isAlphaEnabled, readFeatureGates } from './feature-gates.ts';
import { flagTable } from './flag-table.ts';
import { readFlagValue } from './flag-values.ts';
import { flagNamed, knows } from './flags.ts';
import { runsOnGo } from './go-release-of.ts';
import { tokenOf } from './auth-token.ts';
import { isDuration } from './go-text.ts';
import { booleanOf, type RawSettings, textOf } from './raw-settings.ts';
import { problem, refuse } from './settings-problem.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';

/** Settings under an old and a new name, which are looked at before all others. */
export function findNameProblems(raw: RawSettings, version: EtcdVersion): Problems {
  return [
    ...wordsOfFile(raw, version),
    ...bothDurations(raw, version),
    ...unreadableGates(raw, version),
    ...flagsWithGates(raw, version),
    ...proxyAsFallback(raw, version),
    ...bothNames(raw, version),
  ];
}

/** What embed/config.go Validate refuses after it has asked for the URLs to advertise. */
export function findOptionProblems(raw: RawSettings, version: EtcdVersion): Problems {
  return [
    ...compactionMode(raw, version),
    ...(isAtLeast(version, '3.6.0') ? samplingRate(raw, version) : []),
    ...persistWithoutCheckpoint(raw, version),
    ...checkpointWithoutLogger(raw, version),
    ...hashCheckTimes(raw, version),
    ...asProxy(raw, version),
  ];
}

/** Up to 3.5 etcd may be a proxy of API version 2 instead of a member (etcdmain/etcd.go startProxy). */
function asProxy(raw: RawSettings, version: EtcdVersion): Problems {
  const proxy = textOf(raw, 'proxy');
  const isProxy = proxy !== undefined && /^(?:on|readonly)$/.test(proxy.value);
  if (!isProxy || isAtLeast(version, '3.6.0')) return [];
  return [problem('no-member', proxy, 'proxy-of-version-two')];
}

/** The last thing that 3.5 validates; later releases do so in `findOptionProblems`. */
export function findTracingProblems(raw: RawSettings, version: EtcdVersion): Problems {
  return isAtLeast(version, '3.6.0') ? [] : samplingRate(raw, version);
}

const unaryDuration = 'warning-unary-request-duration';

function bothDurations(raw: RawSettings, version: EtcdVersion): Problems {
  const old = raw.get(`experimental-${unaryDuration}`);
  if (old === undefined || !raw.has(unaryDuration) || !isAtLeast(version, '3.6.0')) return [];
  const says = `both --experimental-${unaryDuration} and --${unaryDuration} flags are set. Use only --${unaryDuration}`;
  return refuse(old, 'two-names', says);
}

/** As a flag or variable they are refused when they are read. */
function unreadableGates(raw: RawSettings, version: EtcdVersion): Problems {
  const gates = textOf(raw, 'feature-gates');
  if (gates?.origin.via !== 'config-file' || !isAtLeast(version, '3.6.0')) return [];
  const read = readFeatureGates(gates.value, version);
  return read.ok ? [] : refuse(gates, 'unreadable-key', read.error);
}

/** embed/config.go SetFeatureGatesFromExperimentalFlags: a gate counts as set when its name occurs. */
function flagsWithGates(raw: RawSettings, version: EtcdVersion): Problems {
  const gates = textOf(raw, 'feature-gates');
  if (gates === undefined || !isAtLeast(version, '3.6.0')) return [];
  const enabled = enabledGates(raw, version);
  for (const [flag, feature] of experimentalFeatures) {
    const old = booleanOf(raw, flag);
    if (old === undefined || !gates.value.includes(feature)) continue;
    const gate = `--feature-gates=${feature}=${isAlphaEnabled(enabled, feature)}`;
    const says = `cannot specify both flags: --${flag}=${old.value} and ${gate} at the same time, please just use ${gate}`;
    return refuse(old, 'two-names', says);
  }
  return [];
}

function enabledGates(raw: RawSettings, version: EtcdVersion): ReadonlyMap<string, boolean> {
  const read = readFeatureGates(textOf(raw, 'feature-gates')?.value ?? '', version);
  return read.ok ? read.enabled : new Map();
}

/** Values that the decoder reads as text and a flag of that name rejects (etcdmain/config.go, configFromFile). */
const fileWords = [
  {
    name: 'discovery-fallback',
    until: '3.6.0',
    before: 'unexpected error setting up discovery-fallback flag',
  },
  { name: 'proxy', until: '3.6.0', before: 'unexpected error setting up proxyFlag' },
  { name: 'cors', until: undefined, before: 'new UniqueURLs should never fail' },
] as const;

function wordsOfFile(raw: RawSettings, version: EtcdVersion): Problems {
  return fileWords.flatMap(({ name, until, before }) => {
    const setting = textOf(raw, name);
    const flag = flagNamed(name);
    const isOver = until !== undefined && isAtLeast(version, until);
    if (setting?.origin.via !== 'config-file' || flag === undefined || isOver) return [];
    const read = readFlagValue(flag, setting.value, version);
    return read.ok ? [] : refuse(setting, 'unknown-value', `${before}: ${read.error}`);
  });
}

/** A configuration file has no such key. */
function proxyAsFallback(raw: RawSettings, version: EtcdVersion): Problems {
  const fallback = textOf(raw, 'discovery-fallback');
  if (fallback?.value !== 'proxy' || fallback.origin.via === 'config-file') return [];
  if (!isAtLeast(version, '3.6.0')) return [];
  const says = `v2 proxy is deprecated, and --discovery-fallback can't be configured as "proxy"`;
  return refuse(fallback, 'unknown-value', says, { names: 'exit' });
}

/** Only 3.6 has flags under both names; the features among them are looked at above. */
function bothNames(raw: RawSettings, version: EtcdVersion): Problems {
  const isWritten = [...raw.keys()].some((name) => name.startsWith('experimental-'));
  if (!isWritten) return [];
  return flagTable
    .map(([name]) => name)
    .filter((name) => name !== unaryDuration && raw.has(name))
    .flatMap((name) => {
      const old = raw.get(`experimental-${name}`);
      if (old === undefined) return [];
      if (!isKnown(`experimental-${name}`, version) || !isKnown(name, version)) return [];
      const says = `cannot set --experimental-${name} and --${name} at the same time, please use --${name} only`;
      return refuse(old, 'two-names', says);
    });
}

function isKnown(name: string, version: EtcdVersion): boolean {
  const flag = flagNamed(name);
  return flag !== undefined && knows(version, flag);
}

/** Before 3.6 an empty mode was the periodic one. */
function compactionMode(raw: RawSettings, version: EtcdVersion): Problems {
  const mode = raw.get('auto-compaction-mode');
  if (typeof mode?.value !== 'string' || ['periodic', 'revision'].includes(mode.value)) return [];
  if (mode.value === '' && !isAtLeast(version, '3.6.0')) return [];
  const says =
    mode.value === ''
      ? 'undefined auto-compaction-mode'
      : `unknown auto-compaction-mode ${quote(mode.value)}`;
  return refuse(mode, 'unknown-compaction-mode', says);
}

/** embed/etcd.go parseCompactionRetention, after the listeners are open. */
export function findRetentionProblems(raw: RawSettings, version: EtcdVersion): Problems {
  const retention = textOf(raw, 'auto-compaction-retention');
  if (retention === undefined || isCount(retention.value) || isDuration(retention.value)) return [];
  const says = `error parsing CompactionRetention: time: ${durationError(retention.value, version)}`;
  return refuse(retention, 'no-retention', says);
}

/** What Go's strconv.Atoi takes, of numbers that are not negative. */
function isCount(text: string): boolean {
  return /^\+?\d+$/.test(text) && BigInt(text.replace('+', '')) < 2n ** 63n;
}

const units = new Set(['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h']);

/** In the words of Go's time.ParseDuration, which quotes since 1.15. */
function durationError(text: string, version: EtcdVersion): string {
  const shown = (part: string) => (runsOnGo(version, '1.15') ? quote(part) : part);
  const [, unit] =
    /^[-+]?(?:[\d.]+(?:ns|us|µs|μs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)([^\d.]*)/.exec(text) ?? [];
  const isTooLong = /^[-+]?\d+$/.test(text) && !isCount(text.replace('-', ''));
  if (unit === undefined || isTooLong || units.has(unit)) return `invalid duration ${shown(text)}`;
  return unit === ''
    ? `missing unit in duration ${shown(text)}`
    : `unknown unit ${shown(unit)} in duration ${shown(text)}`;
}

const mostSamples = 1_000_000;

function samplingRate(raw: RawSettings, version: EtcdVersion): Problems {
  const prefixes = ['experimental-', ''];
  const isOn = prefixes.some((each) => booleanOf(raw, `${each}enable-distributed-tracing`)?.value);
  const rate = prefixes
    .map((each) => textOf(raw, `${each}distributed-tracing-sampling-rate`))
    .find((each) => each !== undefined);
  if (!isOn || rate === undefined || !hasSince(version, ['3.5.11', '3.6.0'])) return [];
  const value = Number(rate.value);
  if (value >= 0 && value <= mostSamples) return [];
  const why = value < 0 ? 'must be positive' : `must be less than ${mostSamples}`;
  const says = `distributed tracing configurition is not valid: (tracing sampling rate ${why})`;
  return refuse(rate, 'sampling-rate', says);
}

function persistWithoutCheckpoint(raw: RawSettings, version: EtcdVersion): Problems {
  if (!hasSince(version, ['3.4.20', '3.5.2', '3.6.0'])) return [];
  const hasGates = isAtLeast(version, '3.6.0');
  const gates = hasGates ? enabledGates(raw, version) : new Map<string, boolean>();
  const isOn = (flag: string, gate: string) =>
    booleanOf(raw, flag)?.value ?? isAlphaEnabled(gates, gate);
  const checkpoint = 'experimental-enable-lease-checkpoint';
  const setting = raw.get(`${checkpoint}-persist`) ?? raw.get('feature-gates');
  if (setting === undefined || !isOn(`${checkpoint}-persist`, 'LeaseCheckpointPersist')) return [];
  if (isOn(checkpoint, 'LeaseCheckpoint')) return [];
  const says = hasGates
    ? 'enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint'
    : `setting ${checkpoint}-persist requires ${checkpoint}`;
  return refuse(setting, 'persist-without-checkpoint', says);
}

/** 3.4 warns that nothing persists through a logger that it has with zap alone (embed/config.go Validate). */
function checkpointWithoutLogger(raw: RawSettings, version: EtcdVersion): Problems {
  if (!hasSince(version, ['3.4.20']) || isAtLeast(version, '3.5.0')) return [];
  const checkpoint = 'experimental-enable-lease-checkpoint';
  const setting = raw.get(checkpoint);
  if (setting === undefined || booleanOf(raw, checkpoint)?.value !== true) return [];
  if (booleanOf(raw, `${checkpoint}-persist`)?.value === true) return [];
  if (textOf(raw, 'logger')?.value === 'zap') return [];
  const says = 'panic: runtime error: invalid memory address or nil pointer dereference';
  return refuse(setting, 'checkpoint-without-logger', says);
}

function hashCheckTimes(raw: RawSettings, version: EtcdVersion): Problems {
  return ['experimental-compact-hash-check-time', 'compact-hash-check-time']
    .filter((name) => isKnown(name, version))
    .flatMap((name) => {
      const time = textOf(raw, name);
      if (time === undefined || !/^-|^\+?[0.]+(?:[a-zµμ]+|$)/.test(time.value)) return [];
      const isZero = !/[1-9]/.test(time.value);
      if (!isZero && !time.value.startsWith('-')) return [];
      const says = `--${name} must be >0 (set to ${isZero ? '0s' : '-'}`;
      return refuse(time, 'no-interval', says);
    });
}

/** server/auth/store.go NewTokenProvider, when the member has joined its cluster. */
export function findTokenProblems(raw: RawSettings, version: EtcdVersion): Problems {
  const token = textOf(raw, 'auth-token');
  const says = token && refusalOfToken(token.value, version);
  return token === undefined || says === undefined
    ? []
    : refuse(token, 'unknown-token-provider', says);
}

const invalidToken = 'auth: invalid auth options';

function refusalOfToken(text: string, version: EtcdVersion): string | undefined {
  const { kind, options, isWellFormed } = tokenOf(text);
  if (!isWellFormed || !['simple', 'jwt'].includes(kind)) return invalidToken;
  return kind === 'jwt' ? refusalOfJwt(options, version) : undefined;
}

/** How a JWT is signed, for how long it is valid, and with which key. */
function refusalOfJwt(
  options: ReadonlyMap<string, string>,
  version: EtcdVersion,
): string | undefined {
  if (!options.has('sign-method')) return invalidToken;
  return isAtLeast(version, '3.4.0')
    ? refusalOfOptions(options, version)
    : refusalByOldRelease(options);
}

/** auth/jwt.go prepareOpts of 3.3, whose keys are both read; which method signs is not looked at. */
function refusalByOldRelease(options: ReadonlyMap<string, string>): string | undefined {
  const {
    'sign-method': method = '',
    'pub-key': publicKey = '',
    ...rest
  } = Object.fromEntries(options);
  const { 'priv-key': privateKey = '', ...unknown } = rest;
  if (method === '' || Object.keys(unknown).length > 0) return invalidToken;
  return publicKey !== '' && privateKey !== '' ? undefined : 'open : no such file or directory';
}

/** server/auth/options.go Parse and Key. */
function refusalOfOptions(
  options: ReadonlyMap<string, string>,
  version: EtcdVersion,
): string | undefined {
  const method = options.get('sign-method') ?? '';
  const ttl = options.get('ttl') ?? '';
  if (ttl !== '' && !isDuration(ttl)) return invalidToken;
  return refusalOfMethod(method, version) ?? refusalOfKeys(method, options);
}

function refusalOfMethod(method: string, version: EtcdVersion): string | undefined {
  if (/^(?:HS|RS|PS|ES)(?:256|384|512)$/.test(method)) return undefined;
  if (method === 'none') return 'unsupported signing method: *jwt.signingMethodNone';
  if (method !== 'EdDSA') return invalidToken;
  const isSupported = isAtLeast(version, '3.6.0');
  return isSupported ? undefined : 'unsupported signing method: *jwt.SigningMethodEd25519';
}

/** A public key is enough to verify tokens, but for one that both sides share. */
function refusalOfKeys(method: string, options: ReadonlyMap<string, string>): string | undefined {
  const usable = method.startsWith('HS') ? ['priv-key'] : ['priv-key', 'pub-key'];
  const hasKey = usable.some((name) => (options.get(name) ?? '') !== '');
  return hasKey ? undefined : 'auth: missing key data';
}
