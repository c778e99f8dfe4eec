import { InputError } from '../input-error.ts';
import type { DeploymentRequest } from '../model/deployment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { PathMap } from '../model/stated-inventory.ts';
import { gather, type Material } from './gather.ts';
import type { LiveOptions } from './observe-live.ts';

export type { LiveOptions } from './observe-live.ts';

/** What to look at, and what the operator states about it. */
export interface AuditRequest extends DeploymentRequest {
  /** Files and directories; `-` is standard input. */
  readonly paths: readonly string[];
  /** An `etcd-tls.yaml` among the paths is found by itself. */
  readonly inventoryFile?: string;
  readonly maps: readonly PathMap[];
  /** Look at the running cluster too. */
  readonly live?: LiveOptions;
}

/** Reads files, settings and inventory; concludes nothing and dials nothing. */
export async function collect(request: AuditRequest): Promise<Evidence> {
  const material = await gather(request);
  // Whoever looks at a running cluster needs no files.
  if (request.live === undefined) refuseNothing(material, request);
  const { files, texts, drafts, inventory, notUnderstood } = material;
  return {
    collectedAt: new Date().toISOString(),
    facts: {
      files,
      texts: texts.map(({ path }) => path),
      settings: drafts,
      notUnderstood,
      ...(inventory !== undefined && { inventory }),
    },
    gaps: {},
  };
}

/** A run that looked at nothing must not end as if all were well. */
function refuseNothing(
  { files, drafts, inventory, notUnderstood }: Material,
  { paths }: Pick<AuditRequest, 'paths'>,
): void {
  const hasContent = files.some(
    ({ blocks, revocationList, unreadable }) =>
      blocks.length > 0 || revocationList !== undefined || unreadable !== undefined,
  );
  const described = [drafts, inventory].flatMap((by) => [
    ...(by?.members ?? []),
    ...(by?.clients ?? []),
  ]);
  if (hasContent || described.length + notUnderstood.length > 0) return;

  const [junk] = files;
  const trap = junk?.traps[0];
  throw new InputError(
    'NOTHING_FOUND',
    `no certificate, key, CRL or etcd settings in ${paths.join(', ')}`,
    {
      hint:
        junk === undefined || trap === undefined
          ? 'name the directory that holds them, such as /etc/kubernetes/pki/etcd or /etc/ssl/etcd'
          : `${junk.path}: ${trap.detail}`,
    },
  );
}
