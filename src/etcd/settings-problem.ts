import type { Setting, SettingsProblem } from '../model/settings.ts';
import { defined } from './defined.ts';

/** A problem of one setting, told at the place where it is set. */
export function problem(
  kind: SettingsProblem['kind'],
  { origin }: Setting<unknown>,
  detail: string,
  etcdSays?: string,
  remedy?: string,
): SettingsProblem {
  const { name = '', location } = origin;
  return defined({ kind, name, detail, location, etcdSays, remedy });
}
