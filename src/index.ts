export { audit, judge, type Judgement } from './audit.ts';
export { checks } from './checks/index.ts';
export { type AuditRequest, collect, type LiveOptions } from './collect/collect.ts';
export { type Explanation, explain } from './diagnoses/explain.ts';
export { forecast } from './forecast/forecast.ts';
export { InputError, type InputErrorCode } from './input-error.ts';
export type { Check, CheckMetadata, StandardControl, Verdict } from './model/check.ts';
export type { Evidence, Facts } from './model/evidence.ts';
export type { Edge } from './model/forecast.ts';
export type { Client, Member } from './model/inventory.ts';
export { defaultPolicy, type Policy } from './model/policy.ts';
export type { Gap, Report, Result, Waiver } from './model/report.ts';
export { isAtLeast, severities, type Severity } from './model/severity.ts';
export type { Target } from './model/target.ts';
export { checkPage } from './report/check-page.ts';
export { type Format, formats, render } from './report/index.ts';

export type { Style } from './report/style.ts';
export { version } from './version.ts';
