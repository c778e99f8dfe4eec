import type { Facts } from '../model/evidence.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { CertificateSummary, Report, Result } from '../model/report.ts';
import type { Severity } from '../model/severity.ts';

/** A report as JSON has it: results name their check, the inventory is separate from the other facts. */
export interface JsonReport extends Omit<Report, 'results' | 'facts'> {
  readonly inventory: { readonly members: readonly Member[]; readonly clients: readonly Client[] };
  readonly certificates: readonly CertificateSummary[];
  readonly results: readonly JsonResult[];
  readonly facts: Partial<Omit<Facts, 'members' | 'clients' | 'forecast'>>;
}

/** One check's verdict on one target, by the check's id. */
export interface JsonResult extends Omit<Result, 'check'> {
  readonly check: string;
  readonly severity: Severity;
}
