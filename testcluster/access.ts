import { join } from 'node:path';
import type { Ended, RunOptions } from './run.ts';
import type { Cluster, ClusterMember } from './types.ts';

/** How to get at members, which containers and processes do in different ways. */
export interface Access extends Pick<Cluster, 'logs' | 'isRunning' | 'run'> {
  release(): Promise<Pick<Cluster, 'version' | 'goVersion'>>;
  etcdctl(members: readonly ClusterMember[], parameters: readonly string[]): Promise<Ended>;
}

/** etcdctl of 3.3 speaks version 2 by default. */
export const asApi3: RunOptions = {
  environment: { ETCDCTL_API: '3' },
  timeoutMilliseconds: 20_000,
};

/** etcdctl's flags for the endpoints of the given members and the client's certificate. */
export function clientFlags(
  members: readonly ClusterMember[],
  certificates: string,
): readonly string[] {
  return [
    `--endpoints=${members.map(({ clientUrl }) => clientUrl).join(',')}`,
    `--cacert=${join(certificates, 'ca_cert.pem')}`,
    `--cert=${join(certificates, 'client_cert.pem')}`,
    `--key=${join(certificates, 'client_key_insecure.pem')}`,
  ];
}
