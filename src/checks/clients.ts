import type { Client } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';
import { hostOf, isLoopback } from './names.ts';

/** Whether a setting is not there, or there and empty, which every client takes for the same. */
export function isEmpty(setting: Setting<string> | undefined): boolean {
  return setting === undefined || setting.value === '';
}

/** Whether the client dials the member on its own host, as in a stacked control plane. */
export function dialsLoopbackOnly({ endpoints }: Client): boolean {
  const hosts = endpoints.value.map((url) => hostOf(url) ?? url.replace(/:\d+$/, ''));
  return hosts.length > 0 && hosts.every(isLoopback);
}
