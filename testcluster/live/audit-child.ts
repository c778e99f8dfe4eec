import { audit } from '../../src/audit.ts';
import type { AuditRequest } from '../../src/collect/collect.ts';
import { findingsIn } from './findings.ts';

/** Audits from wherever this process was started, a network namespace say, and prints the findings. */
const given: unknown = JSON.parse(process.argv[2] ?? '{}');
if (!isRequest(given)) throw new Error('the argument is no request');
const { results } = await audit(given);
process.stdout.write(JSON.stringify(findingsIn(results)));

/** The text was written by this program. */
function isRequest(value: unknown): value is AuditRequest {
  return typeof value === 'object' && value !== null && 'paths' in value;
}
