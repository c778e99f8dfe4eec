import { table } from '../model/table.ts';
import type { KeyType } from './config-keys.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';

/** A field of Go's transport.TLSInfo, which the configuration file can set by its name. */
export interface TlsInfoField {
  /** Go's name of the field. */
  readonly field: string;
  readonly type: KeyType;
  /** The releases that have the field, where not all do. */
  readonly since?: readonly string[];
  readonly until?: string;
  /** Set where etcd goes by the value, and nothing here says what comes of it. */
  readonly isNotJudged?: true;
}

/** By lower-case name (client/pkg/transport/listener.go of 3.3.0 to 3.7). */
const fields = table<TlsInfoField>(
  Object.fromEntries(
    (
      [
        { field: 'AllowedCN', type: 'string' },
        { field: 'AllowedCNs', type: '[]string', since: ['3.5.15'] },
        { field: 'AllowedHostname', type: 'string', since: ['3.4.0'] },
        { field: 'AllowedHostnames', type: '[]string', since: ['3.5.15'] },
        { field: 'CAFile', type: 'string', until: '3.4.0' },
        { field: 'CertFile', type: 'string' },
        { field: 'CipherSuites', type: '[]uint16', since: ['3.3.7'], isNotJudged: true },
        { field: 'ClientCertAuth', type: 'bool' },
        { field: 'ClientCertFile', type: 'string', since: ['3.5.0'] },
        { field: 'ClientKeyFile', type: 'string', since: ['3.5.0'] },
        { field: 'CRLFile', type: 'string' },
        { field: 'EmptyCN', type: 'bool', since: ['3.4.0'], isNotJudged: true },
        { field: 'HandshakeFailure', type: 'func(*tls.Conn, error)' },
        { field: 'InsecureSkipVerify', type: 'bool', isNotJudged: true },
        { field: 'KeyFile', type: 'string' },
        { field: 'LocalAddr', type: 'string', since: ['3.6.0'], isNotJudged: true },
        { field: 'Logger', type: 'zap.Logger', since: ['3.4.0'], isNotJudged: true },
        { field: 'MaxVersion', type: 'uint16', since: ['3.4.25', '3.5.8'] },
        { field: 'MinVersion', type: 'uint16', since: ['3.4.25', '3.5.8'] },
        { field: 'ServerName', type: 'string', isNotJudged: true },
        { field: 'SkipClientSANVerify', type: 'bool', since: ['3.3.16'] },
        { field: 'TrustedCAFile', type: 'string' },
      ] satisfies readonly TlsInfoField[]
    ).map((field) => [field.field.toLowerCase(), field]),
  ),
);

/** The field that a key sets in a release, whatever its case. */
export function tlsInfoField(key: string, version: EtcdVersion): TlsInfoField | undefined {
  const field = fields[key.toLowerCase()];
  if (field === undefined) return undefined;
  const { since, until } = field;
  const isIn = since === undefined || hasSince(version, since);
  return isIn && (until === undefined || !isAtLeast(version, until)) ? field : undefined;
}

/** Whether etcd goes by a key of which nothing here says what comes of it, in any release. */
export function isTlsInfoNotJudged(key: string): boolean {
  return fields[key.toLowerCase()]?.isNotJudged === true;
}
