import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../../issue/issue.ts';
import { clientAddresses } from '../../runtimes/netns.ts';
import { goProgram } from '../go-program.ts';
import type { OracleClient, Visit } from '../oracle-client.ts';
import { flagsOf, type ClientAccess } from '../client-access.ts';
import { grpcFailure, watch } from '../watch.ts';

const names = { ca: '--etcd-cafile', cert: '--etcd-certfile', key: '--etcd-keyfile' };

export const client: OracleClient = {
  name: 'kube-apiserver',
  source: 'k8s.io/kubernetes/cmd/kube-apiserver, the whole program, built from its Go modules',
  slow: true,
  settings: (given) => ({ 'kube-apiserver.yaml': manifest(etcdFlags(given)) }),
  programs: async () => [
    await goProgram({
      name: 'kube-apiserver',
      release: '1.34.4',
      main: 'k8s.io/kubernetes/cmd/kube-apiserver',
      module: 'k8s.io/kubernetes@v1.34.4',
      staging: 'v0.34.4',
    }),
  ],
  connect: async (visit) => [await start(visit)],
};

function etcdFlags(given: ClientAccess): readonly string[] {
  return [`--etcd-servers=${given.endpoints.join(',')}`, ...flagsOf(given, names)];
}

function manifest(flags: readonly string[]): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver
  namespace: kube-system
spec:
  hostNetwork: true
  containers:
    - name: kube-apiserver
      image: kube-apiserver
      command:
        - kube-apiserver
${flags.map((flag) => `        - ${flag}`).join('\n')}
`;
}

/** Its log says why etcd cannot be reached; it serves only once etcd has answered. */
async function start(visit: Visit) {
  const { program, given, directory } = visit;
  const key = join(directory, 'service-accounts.pem');
  const authority = await issueAuthority({ commonName: 'service accounts', key: 'rsa-2048' });
  const issued = await authority.issue({ commonName: 'service accounts', key: 'rsa-2048' });
  await writeFile(key, issued.privateKeyPem);
  const command = [
    ...program.command,
    ...etcdFlags(given),
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--authorization-mode=AlwaysAllow',
    `--cert-dir=${directory}`,
    '--secure-port=6443',
    // It looks for a default route otherwise, of which the network namespace has none.
    `--advertise-address=${clientAddresses[0]}`,
  ];
  const refused = new RegExp(`${grpcFailure}|Error: |command failed`);
  const seen = await watch(visit, command, { accepted: /Serving securely on/, refused });
  return { to: given.endpoints[0] ?? '', ...seen };
}
