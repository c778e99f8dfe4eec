import { basename } from 'node:path';

export type ProgramName = 'etcd-tls-audit' | 'kubectl etcd-tls-audit';

/** What a user types: kubectl starts its plugin `etcd-tls-audit` as `kubectl-etcd_tls_audit`. */
export function programName(argv0: string): ProgramName {
  return basename(argv0) === 'kubectl-etcd_tls_audit' ? 'kubectl etcd-tls-audit' : 'etcd-tls-audit';
}
