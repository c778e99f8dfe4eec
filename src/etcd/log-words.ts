import type { MemberSettings } from '../model/settings.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';

/** Whether this etcd logs through zap rather than capnslog, which decides the words of its log. */
export function logsThroughZap(settings: MemberSettings, version: EtcdVersion): boolean {
  if (isAtLeast(version, '3.5.0')) return true;
  return isAtLeast(version, '3.4.0') && settings.logger?.value === 'zap';
}
