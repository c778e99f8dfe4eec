import type { Setting } from '../model/settings.ts';
import type { Problems } from '../model/settings-problem.ts';

/** A value before it is given its place among a member's settings. */
export type RawValue = string | boolean | readonly string[];

/** Values by flag name. The configuration file has a few that no flag has; they are named alike. */
export type RawSettings = ReadonlyMap<string, Setting<RawValue>>;

/** What one kind of source came to. */
export interface Reading {
  readonly settings: RawSettings;
  readonly problems: Problems;
}

/** Names that only the configuration file can set. */
export const clientAllowedCn = 'client-cert-allowed-cn';
export const clientSkipSan = 'client-skip-client-san-verification';

/** The string set under a name; the empty string counts as not set, as it does to etcd. */
export function textOf(settings: RawSettings, name: string): Setting<string> | undefined {
  const setting = settings.get(name);
  if (typeof setting?.value !== 'string' || setting.value === '') return undefined;
  return { value: setting.value, origin: setting.origin };
}

export function booleanOf(settings: RawSettings, name: string): Setting<boolean> | undefined {
  const setting = settings.get(name);
  if (typeof setting?.value !== 'boolean') return undefined;
  return { value: setting.value, origin: setting.origin };
}

export function listOf(
  settings: RawSettings,
  name: string,
): Setting<readonly string[]> | undefined {
  const setting = settings.get(name);
  if (setting === undefined || typeof setting.value === 'boolean') return undefined;
  const value = typeof setting.value === 'string' ? [setting.value] : setting.value;
  return { value, origin: setting.origin };
}
