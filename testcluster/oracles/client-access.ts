import { type ClientsPlan, deployedDirectory } from '../plan.ts';
import { etcdctlVariables } from '../write-plan.ts';

/** The settings of a client for etcd, the same for every client program. */
export interface ClientAccess {
  readonly endpoints: readonly string[];
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What a fault's plan sets for etcdctl, which every other client gets as well. */
export function accessOf(clients: ClientsPlan): ClientAccess {
  const { ETCDCTL_CACERT: ca, ETCDCTL_CERT: cert, ETCDCTL_KEY: key } = etcdctlVariables(clients);
  return {
    endpoints: clients.etcdctlEndpoints,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

/** The same with the paths at which the files are on this machine. */
export function onThisMachine(
  { endpoints, ca, cert, key }: ClientAccess,
  certificates: string,
): ClientAccess {
  const moved = (path: string) => path.replace(deployedDirectory, certificates);
  return {
    endpoints,
    ...(ca !== undefined && { ca: moved(ca) }),
    ...(cert !== undefined && { cert: moved(cert) }),
    ...(key !== undefined && { key: moved(key) }),
  };
}

/** Words that name those files that there are. */
export function flagsOf(
  given: ClientAccess,
  names: { readonly ca: string; readonly cert: string; readonly key: string },
): readonly string[] {
  return (['ca', 'cert', 'key'] as const).flatMap((each) => {
    const path = given[each];
    return path === undefined ? [] : [`${names[each]}=${path}`];
  });
}

/** The inventory that describes a client whose own settings the audit does not read. */
export function inventoryOf(
  given: ClientAccess,
  client: Readonly<Record<string, string | boolean>>,
): Readonly<Record<string, string>> {
  const { endpoints, ca: caFile, cert: certFile, key: keyFile } = given;
  const entry = { ...client, endpoints, caFile, certFile, keyFile };
  // JSON is YAML too.
  return { 'etcd-tls.yaml': `${JSON.stringify({ version: 1, clients: [entry] }, undefined, 2)}\n` };
}
