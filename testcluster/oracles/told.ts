import { type ClientsPlan, deployedDirectory } from '../plan.ts';
import { etcdctlVariables } from '../write-plan.ts';

/** What a client is told of etcd, whichever client it is. */
export interface Told {
  readonly endpoints: readonly string[];
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What a fault's plan tells etcdctl, which every other client is told as well. */
export function toldBy(clients: ClientsPlan): Told {
  const { ETCDCTL_CACERT: ca, ETCDCTL_CERT: cert, ETCDCTL_KEY: key } = etcdctlVariables(clients);
  return {
    endpoints: clients.etcdctlEndpoints,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

/** The same with the paths at which the files are on this machine. */
export function onThisMachine({ endpoints, ca, cert, key }: Told, certificates: string): Told {
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
  told: Told,
  names: { readonly ca: string; readonly cert: string; readonly key: string },
): readonly string[] {
  return (['ca', 'cert', 'key'] as const).flatMap((each) => {
    const path = told[each];
    return path === undefined ? [] : [`${names[each]}=${path}`];
  });
}

/** The inventory that describes a client whose own settings the audit does not read. */
export function inventoryOf(
  told: Told,
  client: Readonly<Record<string, string | boolean>>,
): Readonly<Record<string, string>> {
  const { endpoints, ca: caFile, cert: certFile, key: keyFile } = told;
  const entry = { ...client, endpoints, caFile, certFile, keyFile };
  // JSON is YAML too.
  return { 'etcd-tls.yaml': `${JSON.stringify({ version: 1, clients: [entry] }, undefined, 2)}\n` };
}
