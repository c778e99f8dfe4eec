import { parseBoolean } from './go-text.ts';
import { quote } from '../pki/go-text.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';

export type FeatureGates =
  | { readonly ok: true; readonly enabled: ReadonlyMap<string, boolean> }
  /** In etcd's words (pkg/featuregate/feature_gate.go). */
  | { readonly ok: false; readonly error: string };

/** server/features/etcd_features.go: every gate with the first release of etcd that has it. */
const since: ReadonlyMap<string, string> = new Map([
  ['AllAlpha', '3.6.0'],
  ['AllBeta', '3.6.0'],
  ['CompactHashCheck', '3.6.0'],
  ['FastLeaseKeepAlive', '3.7.0'],
  ['InitialCorruptCheck', '3.6.0'],
  ['LeaseCheckpoint', '3.6.0'],
  ['LeaseCheckpointPersist', '3.6.0'],
  ['PriorityRequest', '3.7.0'],
  ['SetMemberLocalAddr', '3.6.0'],
  ['StopGRPCServiceOnDefrag', '3.6.0'],
  ['TxnModeWriteWithSharedBuffer', '3.6.0'],
]);

/** The flags that were gates before there were gates. 3.6 has both and refuses them together. */
export const experimentalFeatures: readonly (readonly [flag: string, feature: string])[] = [
  ['experimental-stop-grpc-service-on-defrag', 'StopGRPCServiceOnDefrag'],
  ['experimental-initial-corrupt-check', 'InitialCorruptCheck'],
  ['experimental-compact-hash-check-enabled', 'CompactHashCheck'],
  ['experimental-txn-mode-write-with-shared-buffer', 'TxnModeWriteWithSharedBuffer'],
  ['experimental-enable-lease-checkpoint', 'LeaseCheckpoint'],
  ['experimental-enable-lease-checkpoint-persist', 'LeaseCheckpointPersist'],
];

/** Reads `A=true,B=false`. */
export function readFeatureGates(text: string, version: EtcdVersion): FeatureGates {
  const enabled = new Map<string, boolean>();
  for (const item of text.split(',')) {
    if (item === '') continue;
    const [, written = '', given] = /^([^=]*)(?:=(.*))?$/s.exec(item) ?? [];
    const name = written.trim();
    if (given === undefined) return { ok: false, error: `missing bool value for ${name}` };
    const value = given.trim();
    const on = parseBoolean(value);
    if (on === undefined) {
      const parsing = `strconv.ParseBool: parsing ${quote(value)}: invalid syntax`;
      return { ok: false, error: `invalid value of ${name}=${value}, err: ${parsing}` };
    }
    enabled.set(name, on);
  }
  const unknown = [...enabled.keys()].find(
    (name) => !isAtLeast(version, since.get(name) ?? '99.0.0'),
  );
  return unknown === undefined
    ? { ok: true, enabled }
    : { ok: false, error: `unrecognized feature gate: ${unknown}` };
}

/** Whether a gate that is off by default and alpha is on. */
export function isAlphaEnabled(enabled: ReadonlyMap<string, boolean>, name: string): boolean {
  return enabled.get(name) ?? enabled.get('AllAlpha') ?? false;
}
