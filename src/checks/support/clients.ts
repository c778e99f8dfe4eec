import type { ClientEndpoint } from '../../deployment/client-endpoints.ts';
import type { Client, Member } from '../../model/inventory.ts';
import type { Setting } from '../../model/settings.ts';
import { isLoopback, parseEndpoint } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';
import type { SettingsProblem } from '../../model/settings-problem.ts';

/** Whether a setting is missing or empty, which is the same to every client. */
export function isEmpty(setting: Setting<string> | undefined): boolean {
  return setting === undefined || setting.value === '';
}

/** Whether the client dials the member on its own host, as in a stacked control plane. */
export function dialsLoopbackOnly({ endpoints }: Client): boolean {
  const hosts = endpoints.value.map((url) => parseEndpoint(url, true).host);
  return hosts.length > 0 && hosts.every(isLoopback);
}

/** TLS flags that are there and empty: readers of settings drop them and say so. */
export function emptyTlsFlags({ problems, certFile, keyFile, caFile }: Client): readonly string[] {
  const dropped = problems.filter(isEmptyTlsFlag).map(({ name }) => name);
  const kept = [certFile, keyFile, caFile].flatMap((setting) =>
    setting?.value === '' ? [setting.origin.name ?? 'a setting'] : [],
  );
  return [...new Set([...dropped, ...kept])];
}

/** Whether a problem says that the name of a certificate, key or CA file was left empty. */
export function isEmptyTlsFlag({ why, name }: SettingsProblem): boolean {
  const saysEmpty = why === 'empty-variable' || why === 'empty-flag';
  return saysEmpty && /cert|key|ca-?file|cacert/i.test(name);
}

/** What to write for endpoints of which the client makes no address, whatever else is wrong with them. */
export function fixOfMalformed(
  endpoints: readonly ClientEndpoint[],
  members: readonly Member[],
): { readonly fix?: string } {
  const malformed = endpoints.filter(({ edge }) => edge?.rule === 'endpoint.malformed');
  if (malformed.length === 0) return {};
  const urls = members.flatMap(({ settings }) => settings.advertiseClientUrls.value);
  const [example = 'https://10.0.0.1:2379'] = urls;
  const written = enumerate(malformed.map(({ url }) => url));
  return {
    fix: `Write ${example}, or another client URL of a member, instead of ${written}: clients of etcd need scheme, host and port.`,
  };
}
