import type { MemberSettings } from '../model/settings.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';

/** Whether clients may use API version 2: up to 3.3 unless it is switched off, and until 3.5 where it is switched on. */
export function servesVersionTwo({ enableV2 }: MemberSettings, version: EtcdVersion): boolean {
  if (isAtLeast(version, '3.6.0')) return false;
  return enableV2?.value ?? !isAtLeast(version, '3.4.0');
}
