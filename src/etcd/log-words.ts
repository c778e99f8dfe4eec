import type { MemberSettings } from '../model/settings.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';

/** Whether this etcd logs through zap rather than capnslog, which decides the words of its log. */
export function logsThroughZap(settings: MemberSettings, version: EtcdVersion): boolean {
  if (isAtLeast(version, '3.5.0')) return true;
  return isAtLeast(version, '3.4.0') && settings.logger?.value === 'zap';
}

export const nilLogger = 'panic: runtime error: invalid memory address or nil pointer dereference';

/**
 * Whether an error while the client port is set up is logged through a logger that is not there: without zap, in
 * embed/serve.go from 3.4.20 (HTTP/2) or 3.4.25 (the gateway's certificate) to 3.4.29.
 */
export function panicsInSetUp(
  what: 'http2' | 'gateway',
  settings: MemberSettings,
  version: EtcdVersion,
): boolean {
  if (logsThroughZap(settings, version) || isAtLeast(version, '3.4.30')) return false;
  if (what === 'http2') return isAtLeast(version, '3.4.20');
  return isAtLeast(version, '3.4.25') && settings.enableGrpcGateway?.value !== false;
}
