import { flagTable } from '../../etcd/flag-table.ts';
import { readFlagValue } from '../../etcd/flag-values.ts';
import { flagNamed } from '../../etcd/flags.ts';
import { nearest } from '../../model/nearest.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import type { InventoryFlag } from '../../model/stated-inventory.ts';
import { malformed } from './yaml-file.ts';

/** Refuses what etcd would not understand, which would silently be left out of the settings otherwise. */
export function checkFlag(flag: InventoryFlag): InventoryFlag {
  const { name, value, location } = flag;
  const known = flagNamed(name);
  if (known === undefined) {
    const names = flagTable.map(([each]) => each);
    const guess = nearest(name, names);
    const hint = guess === undefined ? '`etcd --help` lists its flags' : `did you mean ${guess}?`;
    throw malformed(location, `etcd has no flag "${name}"`, hint);
  }
  const read = readFlagValue(known, value, etcdVersion(supposedVersion));
  if (read.ok) return flag;
  throw malformed(
    location,
    `etcd cannot read "${value}" for --${name}: ${read.error}`,
    'write it as on the command line',
  );
}
