import type { DeployedFacts } from '../model/evidence.ts';
import type { Setting } from '../model/settings.ts';

/** What running members say of their releases, by member name; nothing of those that do not say. */
export type ObservedVersions = ReadonlyMap<
  string,
  { readonly etcd?: Setting<string>; readonly go?: Setting<string> }
>;

/** What the running processes say of themselves, which replaces what was supposed of them. */
export function observedVersions({
  endpoints = [],
  statuses = [],
  processes = [],
}: Partial<DeployedFacts>): ObservedVersions {
  const versions = new Map<string, { etcd?: Setting<string>; go?: Setting<string> }>();
  const tell = (
    member: string | undefined,
    what: 'etcd' | 'go',
    value: string | undefined,
  ): void => {
    const clean = value?.replace(/^(?:go|v)/, '');
    if (member === undefined || clean === undefined || !/^\d+\.\d+/.test(clean)) return;
    const because = `reported by the running member`;
    const known = versions.get(member) ?? {};
    known[what] ??= { value: clean, origin: { via: 'assumed', because } };
    versions.set(member, known);
  };
  // etcd opens its client port once it has started, and its peer port before.
  for (const { endpoint, speaks } of endpoints) {
    const { member, serves } = endpoint;
    if (member !== undefined && serves === 'client' && /^(?:tls|http)/.test(speaks))
      versions.set(member, {});
  }
  for (const { endpoint, version, goVersion } of statuses) {
    tell(endpoint.member, 'etcd', version);
    tell(endpoint.member, 'go', goVersion);
  }
  for (const { endpoint, serverVersion, goVersion } of processes) {
    tell(endpoint.member, 'etcd', serverVersion);
    tell(endpoint.member, 'go', goVersion);
  }
  return versions;
}
