import { runsOnGo } from './go-release-of.ts';
import type { EtcdVersion } from './version.ts';

/** A place in the configuration file. */
export interface Place {
  /** Go's name of the struct that holds the field. */
  readonly struct: string;
  /** From the top of the file on, as written. */
  readonly keys: readonly string[];
  /** Go's names of the fields behind these keys. */
  readonly fields: readonly [string, ...string[]];
}

/** A value that Go's decoder cannot use. */
export interface Misfit {
  /** JSON's name of what is there. */
  readonly found: string;
  /** Go's name of what should be. */
  readonly wanted: string;
  /** Its index, where it is in a list. */
  readonly item?: number;
}

/** What encoding/json says of it, by Go release. */
export function cannotUnmarshal(misfit: Misfit, place: Place, version: EtcdVersion): string {
  const { found, wanted } = misfit;
  return `json: cannot unmarshal ${found} into ${target(misfit, place, version)} of type ${wanted}`;
}

/**
 * Before 1.13 the field alone is named, then the path to it, since 1.24 with the embedded struct on the way, of
 * which etcd has two. In 1.27 another decoder came, which names the keys as written, and no struct.
 */
function target({ item }: Misfit, { struct, keys, fields }: Place, version: EtcdVersion): string {
  if (runsOnGo(version, '1.27')) {
    const path = keys.join('.');
    return item === undefined ? `Go struct field .${path}` : `.${path}.${item}`;
  }
  if (!runsOnGo(version, '1.13')) return `Go struct field ${struct}.${fields.at(-1) ?? ''}`;
  const path = runsOnGo(version, '1.24') ? [embedding(fields[0]), ...fields] : fields;
  return `Go struct field ${struct}.${path.join('.')}`;
}

function embedding(field: string): string {
  const translated =
    /^(?:(?:client|peer)-transport-security|listen-(?:client|peer|client-http)-urls|(?:initial-)?advertise-(?:client|peer)-urls|cors|host-whitelist|feature-gates)$/;
  return translated.test(field) ? 'configJSON' : 'Config';
}
