import type { Architecture } from './node.ts';

/** The name of the executable in the directory of a release. */
export function executableOf(architecture: Architecture): string {
  return `etcd-tls-audit-linux-${architecture}`;
}
