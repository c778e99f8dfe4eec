import { existsSync } from 'node:fs';
import type { HostPaths } from '../collect/collect.ts';
import { groupBy } from '../model/group-by.ts';

/** The arguments of a command: paths without a host, and those of named hosts. */
export interface GivenPaths {
  readonly paths: readonly string[];
  readonly hosts: readonly HostPaths[];
}

/** Distinguishes `node1=DIRECTORY` from a path; what exists under the whole name is a path. */
export function hostsAmong(texts: readonly string[]): GivenPaths {
  const paths: string[] = [];
  const owned: { readonly host: string; readonly path: string }[] = [];
  for (const text of texts) {
    const [, host, path] = /^([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)$/s.exec(text) ?? [];
    if (host === undefined || path === undefined || existsSync(text)) paths.push(text);
    else owned.push({ host, path });
  }
  const hosts = groupBy(
    owned,
    ({ host }) => host,
    ({ path }) => path,
  );
  return { paths, hosts: [...hosts].map(([host, own]) => ({ host, paths: own })) };
}
