import { nodesOf, type Runtime } from './nodes.ts';
import { planOf, type SettingsName } from './plan.ts';
import { certificatesIn, writePlan } from './write-plan.ts';

export interface CertSetOptions {
  /** The document as it is, or with its mistakes fixed. */
  readonly settings: SettingsName;
  /** Which decides about addresses; the document's own unless `native`. */
  readonly runtime?: Runtime;
  readonly keys?: 'ecdsa' | 'rsa';
}

/** Writes the document's certificates, keys and settings; says where the certificates are. */
export async function writeCertSet(directory: string, options: CertSetOptions): Promise<string> {
  const { settings, runtime = 'docker', keys = 'ecdsa' } = options;
  await writePlan(planOf({ settings, runtime, keys, nodes: nodesOf(runtime) }), directory);
  return certificatesIn(directory);
}
