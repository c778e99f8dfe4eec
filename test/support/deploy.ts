import { look } from '../../src/audit.ts';
import type { AuditRequest } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { Deployment } from '../../src/model/deployment.ts';

/** What follows from what lies under some paths, as the audit itself works it out. */
export async function deploy(request: AuditRequest): Promise<Deployment> {
  return deploymentOf(await look(request), request);
}
