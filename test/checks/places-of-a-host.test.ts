import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { files, flags } from '../support/containers.ts';

const words = flags('10.0.0.1').map((word) => word.replace('=/pki/', '=/etc/etcd/'));

function filesIn(directory: string) {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path.replace('pki', directory), text]),
  );
}

const pod = `apiVersion: v1
kind: Pod
metadata: {name: etcd-0}
spec:
  hostNetwork: true
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.30-0
    securityContext: {runAsUser: 0}
    command: ${JSON.stringify(['etcd', ...words])}
    volumeMounts: [{name: pki, mountPath: /etc/etcd}]
  volumes: [{name: pki, hostPath: {path: /srv/pki}}]
`;
const unit = `[Service]\nUser=root\nRootDirectory=/srv/chroot\nExecStart=/usr/bin/etcd ${words.join(' ')}\n`;

async function statusOf(texts: Readonly<Record<string, string>>) {
  await using set = await directoryWith(texts);
  const { verdict } = await audit({ paths: [set.path], maps: [] });
  return { status: verdict.status, next: verdict.next?.replaceAll(`${set.path}/`, '') };
}

describe.each([
  ['a pod’s hostPath', { 'etcd.yaml': pod }, 'srv/pki'],
  ['the root directory of a unit', { 'etcd.service': unit }, 'srv/chroot/etc/etcd'],
] as const)('%s', (_, settings, place) => {
  test('leads to its own files', async () => {
    expect(await statusOf({ ...settings, ...filesIn(place) })).toMatchObject({ status: 'pass' });
  });

  test('and not to those of the host at the same path', async () => {
    const { status, next } = await statusOf({ ...settings, ...filesIn('etc/etcd') });

    expect(status).toBe('incomplete');
    expect(next).toContain(`--map /${place}=etc/etcd`);
  });

  test('a directory of any name is taken for its own', async () => {
    expect(await statusOf({ ...settings, ...filesIn('certs') })).toMatchObject({ status: 'pass' });
  });
});
