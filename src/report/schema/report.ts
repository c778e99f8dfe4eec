import { z } from 'zod';
import { type CheckMetadata, type Component, components, type Effect } from '../../model/check.ts';
import type { Policy } from '../../model/policy.ts';
import type {
  CertificateSummary,
  Gap,
  OverallVerdict,
  Result,
  ScopeKind,
  Waiver,
  WaiverUse,
} from '../../model/report.ts';
import type { JsonReport, JsonResult } from '../json-report.ts';
import {
  about,
  basis,
  instant,
  oneOf,
  severity,
  target,
  text,
  texts,
} from '../../schema/basics.ts';
import { file } from '../../schema/files.ts';
import { edge } from '../../schema/forecast.ts';
import { ignoredFile } from '../../schema/evidence.ts';
import { deployedLiveFacts } from '../../schema/live.ts';
import { notUnderstood } from '../../schema/settings.ts';
import { client, guess, member } from './inventory.ts';

/** Reports are rendered, so that what a saved one says of this program is held to the form of what it says. */
const checkId = z.string().regex(/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/);
const tool: z.ZodType<JsonReport['tool']> = z.looseObject({
  name: z.literal('etcd-tls-audit'),
  version: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/),
});

const checkMetadata: z.ZodType<CheckMetadata> = z.looseObject({
  id: checkId,
  title: text,
  severity,
  effect: oneOf<Effect>()(['stops-connections', 'admits-outsiders']).exactOptional(),
  rationale: text,
  remediation: text,
  references: texts,
  standards: z.array(
    z.looseObject({
      standard: text,
      control: text,
      title: text,
      component: oneOf<Component>()(components),
    }),
  ),
});

const verdict: z.ZodType<Result['verdict']> = z.discriminatedUnion('status', [
  z.looseObject({ status: z.literal('pass') }),
  z.looseObject({
    status: z.literal('fail'),
    message: text,
    expected: text.exactOptional(),
    actual: text.exactOptional(),
    cause: text.exactOptional(),
    fix: text.exactOptional(),
    due: instant.exactOptional(),
    about: z.array(about).exactOptional(),
  }),
  z.looseObject({ status: z.literal('inconclusive'), because: text, give: text.exactOptional() }),
  z.looseObject({ status: z.literal('not-applicable'), because: text.exactOptional() }),
  z.looseObject({ status: z.literal('crashed'), because: text }),
]);

const waiver: z.ZodType<Waiver> = z.looseObject({
  check: text,
  target: text,
  reason: text,
  owner: text,
  expires: text,
});

const waiverUse: z.ZodType<WaiverUse> = z.looseObject({
  waiver,
  state: oneOf<WaiverUse['state']>()(['used', 'unused', 'expired']),
});

const result: z.ZodType<JsonResult> = z.looseObject({
  check: checkId,
  severity,
  target,
  verdict,
  basis,
  waived: waiver.exactOptional(),
  known: z.boolean().exactOptional(),
  folded: texts.exactOptional(),
});

const certificate: z.ZodType<CertificateSummary> = z.looseObject({
  subject: text,
  role: text,
  owner: text,
  names: texts,
  files: texts,
  issuer: text,
  notBefore: instant,
  notAfter: instant,
  daysLeft: z.int(),
  serialNumber: text,
  sha256: text,
  key: text,
  signatureAlgorithm: text,
  usages: texts,
});

const gap: z.ZodType<Gap> = z.looseObject({
  what: text,
  because: text,
  give: text.exactOptional(),
  asked: z.boolean(),
});

const overallVerdict: z.ZodType<OverallVerdict> = z.looseObject({
  status: oneOf<OverallVerdict['status']>()(['pass', 'fail', 'incomplete']),
  scope: oneOf<ScopeKind>()(['cluster', 'certificates', 'members', 'client']),
  missing: texts,
  excerpts: texts,
  predictedOnly: z.literal(true).exactOptional(),
  skipped: z.array(z.looseObject({ id: text, severity })).exactOptional(),
  sentence: text,
  next: text.exactOptional(),
  crashed: z.boolean(),
  assumptions: z.array(z.looseObject({ about: text, because: text, give: text })),
  notUnderstood: z.array(
    z.looseObject({ path: text, line: z.int().positive().exactOptional(), reason: text }),
  ),
});

const policy: z.ZodType<Policy> = z.looseObject({
  expiryWarningDays: z.number(),
  maximumLeafLifetimeDays: z.number(),
});

/** The JSON report, version 2. Unknown properties pass: later minor releases may add some. */
export const reportSchema: z.ZodType<JsonReport> = z.looseObject({
  schemaVersion: z.literal(2),
  tool,
  verdict: overallVerdict,
  command: oneOf<JsonReport['command']>()(['check', 'verify']),
  collectedAt: instant,
  policy: policy.exactOptional(),
  failOn: severity.exactOptional(),
  inventory: z.looseObject({ members: z.array(member), clients: z.array(client) }),
  certificates: z.array(certificate),
  results: z.array(result),
  forecast: z.array(edge),
  gaps: z.array(gap),
  quorumLoss: z
    .looseObject({ at: instant, expired: texts, cluster: text.exactOptional() })
    .exactOptional(),
  waivers: z.array(waiverUse).exactOptional(),
  checks: z.array(checkMetadata),
  facts: z.looseObject({
    files: z.array(file).exactOptional(),
    guesses: z.array(guess).exactOptional(),
    notUnderstood: z.array(notUnderstood).exactOptional(),
    ignored: z.array(ignoredFile).exactOptional(),
    ...deployedLiveFacts,
  }),
});
