import { audit } from '../../src/audit.ts';
import type { AuditRequest } from '../../src/collect/collect.ts';
import { findingsIn } from './findings.ts';

/** Audits with a clock that is ahead by some hours, and prints the findings. */
const [hours = '0', request = '{}'] = process.argv.slice(2);
const ahead = Number(hours) * 3_600_000;
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(value?: string | number | Date) {
    super(value ?? RealDate.now() + ahead);
  }
  static override now(): number {
    return RealDate.now() + ahead;
  }
}
Object.defineProperty(globalThis, 'Date', { value: ShiftedDate });

const given: unknown = JSON.parse(request);
if (!isRequest(given)) throw new Error('the second argument is no request');
const { results } = await audit(given);
process.stdout.write(JSON.stringify(findingsIn(results)));

/** The text was written by this program. */
function isRequest(value: unknown): value is AuditRequest {
  return typeof value === 'object' && value !== null && 'paths' in value;
}
