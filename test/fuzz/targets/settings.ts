import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { judge } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../../src/collect/evidence-file.ts';
import { InputError } from '../../../src/input-error.ts';
import { directoryWith } from '../../support/directory.ts';
import { seedDropIn } from '../../support/seed-set.ts';
import { withAccidents } from '../accidents.ts';
import { checkReport } from '../check-report.ts';
import { FuzzFinding, type FuzzTarget } from '../target.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.21-0
    command: [etcd, --name=node1, --cert-file=/pki/server.crt, --advertise-client-urls=https://10.0.0.1:2379]
    env: [{name: ETCD_CLIENT_CERT_AUTH, value: "true"}]
`;
const compose = `services:
  etcd:
    image: quay.io/coreos/etcd:v3.5.21
    environment: [ETCD_NAME=node1, "ETCD_LISTEN_CLIENT_URLS=https://0.0.0.0:2379"]
    command: etcd --cert-file /certs/a.pem
`;
const config = `name: node1
listen-client-urls: https://10.0.0.1:2379
client-transport-security: &tls {cert-file: a.pem, key-file: b.pem}
peer-transport-security: *tls
`;
const script = `#!/bin/sh
export ETCDCTL_ENDPOINTS=https://10.0.0.1:2379
A=x; B=$A$A
etcdctl --cert "$HOME/a.pem" --key \${KEY:-b.pem} get /
`;

const samples: readonly (readonly [name: string, text: string])[] = [
  ['etcd.service.d/10-etcd.conf', seedDropIn],
  ['pod.yaml', pod],
  ['docker-compose.yml', compose],
  ['etcd.conf.yml', config],
  ['etcdctl.sh', script],
  [
    'etcd.env',
    'ETCD_NAME=node1\nETCD_CERT_FILE="/a b.pem"\nETCD_INITIAL_CLUSTER=a=https://x:2380,b=https://y:2380\n',
  ],
];

const signs = [
  '\n',
  '\t',
  '  ',
  '*tls',
  '&tls',
  '<<: ',
  '\\',
  '$(A)',
  '${A:-$A}',
  '{{',
  'constructor',
  '__proto__: 1',
  '- ',
  '"',
  "'",
];

/** Settings files with accidents: read or told, and what is told survives being saved. */
export const settings: FuzzTarget = {
  name: 'settings',
  mostMilliseconds: 5000,
  async prepare() {
    const set = await directoryWith({});
    return async (random) => {
      const [name, sample] = random.pick(samples);
      const text = withAccidents(sample, signs, random);
      await mkdir(dirname(join(set.path, name)), { recursive: true });
      await writeFile(join(set.path, name), text);
      try {
        const evidence = await collect({ paths: [join(set.path, name)], maps: [] });
        await checkReport(
          judge(parseEvidence(serializeEvidence(evidence), 'evidence.json')),
          random,
        );
      } catch (error) {
        if (error instanceof InputError && error.code !== 'REPORT_MALFORMED') return;
        throw new FuzzFinding('settings that are read are not', text, error);
      }
    };
  },
};
