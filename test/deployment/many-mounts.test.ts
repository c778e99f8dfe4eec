import { expect, test } from 'vitest';
import { readUnit } from '../../src/collect/settings/systemd.ts';
import { mountOf } from '../../src/deployment/process/place.ts';
import { filesInside } from '../../src/collect/settings/container-files.ts';

test('200,000 mounts at one place are looked through', () => {
  const text = '[Service]\nBindReadOnlyPaths=/pki:/etc/pki\nExecStart=/usr/bin/etcd\n';
  const context = { find: () => undefined };
  const [process] = readUnit(
    {
      unit: 'etcd.service',
      isNamed: true,
      fragment: { path: 'etcd.service', text },
      dropIns: [],
      managers: [],
    },
    context,
  );
  const mounts = Array.from({ length: 200_000 }, () => process?.mounts ?? []).flat();

  expect(mountOf('/etc/pki/ca.crt', mounts)?.inside).toBe('/etc/pki');
  expect(
    filesInside({ mounts, origin: { file: 'etcd.service' } }, context)('/etc/pki/ca.crt'),
  ).toBeUndefined();
});
