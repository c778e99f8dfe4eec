import { createHash } from 'node:crypto';
import type {
  Location,
  Log,
  Notification,
  ReportingDescriptor,
  Result as SarifResult,
} from 'sarif';
import type { CheckMetadata } from '../model/check.ts';
import type { Report, Result } from '../model/report.ts';
import type { Severity } from '../model/severity.ts';
import { formerIds } from '../model/renamed-checks.ts';
import { checkPage } from './check-page.ts';
import { jsonText, printable, printableText } from './escape.ts';
import { placeOf } from './place.ts';
import { summarize, type Summary } from './summary.ts';
import { type Finding, fixOf, severityOf, refusedWords } from '../model/finding.ts';

/** How GitHub ranks an alert: level, and the CVSS-like number of its rule. */
const ranks = {
  critical: { level: 'error', score: '9.5' },
  high: { level: 'error', score: '8.0' },
  medium: { level: 'warning', score: '5.5' },
  low: { level: 'note', score: '3.0' },
  info: { level: 'note', score: '0.5' },
} as const satisfies Record<Severity, { level: SarifResult.level; score: string }>;

// GitHub refuses files with more.
const mostResults = 25_000;

/**
 * SARIF 2.1.0 for code scanning. Findings only: GitHub shows every result as an alert, passing
 * ones too. What could not be checked is a notification of the run.
 */
export function sarif(report: Report): string {
  return jsonText(sarifLog(report));
}

/** The same as an object, for programs that add runs of their own. */
export function sarifLog(report: Report): Log {
  const summary = summarize(report);
  const { findings, known, waived, passed, notApplicable } = summary;
  const results = [...findings, ...known, ...waived];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            informationUri: 'https://github.com/etcd-tls-audit/etcd-tls-audit',
            rules: report.checks.map(rule),
          },
        },
        automationDetails: { id: `${report.tool.name}/${report.command}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: summary.crashed.length === 0,
            endTimeUtc: report.collectedAt,
            toolExecutionNotifications: [...surplus(results), ...notifications(report, summary)],
          },
        ],
        results: results.slice(0, mostResults).map((finding) => result(finding, report)),
        properties: { outcome: report.verdict.status, passed, notApplicable },
      },
    ],
  };
}

/** Of a saved report too, in which it may be any text. */
const isPlainUrl = /^https:\/\/[\w.-]+(?:\/[\w./?=&~,+-]*(?:#[\w./=~,+-]*)?)?$/;

function rule(check: CheckMetadata): ReportingDescriptor {
  const { id, title, severity, rationale, remediation, references, standards } = check;
  const helpUri = references.find((reference) => isPlainUrl.test(reference));
  const deprecatedIds = [...formerIds(id)];
  return {
    id,
    ...(deprecatedIds.length > 0 && { deprecatedIds }),
    shortDescription: { text: title },
    fullDescription: { text: rationale },
    help: { text: `${rationale}\n\n${remediation}`, markdown: checkPage(check) },
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: ranks[severity].level },
    properties: {
      // GitHub takes at most twenty.
      tags: ['security', 'etcd', 'tls', ...controlTags(standards)].slice(0, 20),
      'security-severity': ranks[severity].score,
      precision: 'very-high',
    },
  };
}

/** Without the benchmark's release: a tag for each of five releases says nothing more. */
function controlTags(standards: CheckMetadata['standards']): readonly string[] {
  const tags = standards.map(
    ({ standard, control }) => `${standard.replace(/ [\d.]+$/, '')} ${control}`,
  );
  return [...new Set(tags)];
}

function result(finding: Finding, report: Report): SarifResult {
  const { check, target, waived, known } = finding;
  return {
    ruleId: check.id,
    ruleIndex: report.checks.findIndex(({ id }) => id === check.id),
    kind: 'fail',
    level: ranks[severityOf(finding)].level,
    message: { text: messageOf(finding) },
    locations: [location(finding, report)],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint(finding)}:1` },
    ...(known === true && { baselineState: 'unchanged' }),
    ...(waived && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: printable(`${waived.reason} (${waived.owner}, until ${waived.expires})`),
        },
      ],
    }),
    properties: {
      target: printable(target.name),
      kind: target.kind,
      ...(target.cluster !== undefined && { cluster: printable(target.cluster) }),
    },
  };
}

function messageOf(finding: Finding): string {
  const { target, verdict } = finding;
  const refused = refusedWords(finding);
  const parts = [
    `${printable(verdict.message)}.`,
    `At: ${printable(target.name)}.`,
    verdict.expected !== undefined && `Expected: ${printable(verdict.expected)}.`,
    verdict.actual !== undefined && `Found: ${printable(verdict.actual)}.`,
    refused !== undefined && `Rejected: ${printable(refused)}.`,
    verdict.cause !== undefined && `Cause: ${printableText(verdict.cause)}.`,
    `Fix: ${printableText(fixOf(finding))}`,
  ];
  // SARIF 2.1.0 3.11.6: an unescaped [text](target) is a link.
  return parts
    .filter((part) => part !== false)
    .join('\n')
    .replaceAll(/[[\]]/g, '\\$&');
}

function location(finding: Finding, report: Report): Location {
  const { target } = finding;
  const logicalLocations = [{ fullyQualifiedName: printable(target.name), kind: 'resource' }];
  const place = placeOf(finding, report);
  if (place === undefined) return { logicalLocations };
  return {
    physicalLocation: {
      artifactLocation: artifact(place.file),
      region: {
        startLine: place.line ?? 1,
        ...(place.column !== undefined && { startColumn: place.column }),
      },
    },
    logicalLocations,
  };
}

function artifact(file: string): { readonly uri: string; readonly uriBaseId?: string } {
  const path = file.replace(/^\.\//, '').split('/').map(encodeSegment).join('/');
  return file.startsWith('/') ? { uri: `file://${path}` } : { uri: path, uriBaseId: '%SRCROOT%' };
}

function encodeSegment(segment: string): string {
  // encodeURIComponent throws on lone surrogates.
  return encodeURIComponent(segment.replaceAll(/\p{Cs}/gu, '\ufffd'));
}

/** From what identifies the finding and never from its wording, so that rewording reopens no alert. */
function fingerprint({ check, target }: Result): string {
  return createHash('sha256')
    .update(JSON.stringify([check.id, target.name]))
    .digest('hex')
    .slice(0, 32);
}

function surplus({ length }: readonly Finding[]): readonly Notification[] {
  const left = length - mostResults;
  const text = `${left} findings left out: GitHub rejects a file with more than ${mostResults}`;
  return left > 0 ? [{ level: 'warning', message: { text } }] : [];
}

function notifications(report: Report, summary: Summary): Notification[] {
  const { unanswered, crashed } = summary;
  const results = [...unanswered, ...crashed].flatMap(({ check, target, verdict }) =>
    'because' in verdict
      ? [
          {
            level: verdict.status === 'crashed' ? ('error' as const) : ('warning' as const),
            message: { text: printable(`${target.name}: ${verdict.because}`) },
            associatedRule: { id: check.id },
          },
        ]
      : [],
  );
  const gaps = report.gaps.map(({ what, because, asked }) => ({
    level: asked ? ('warning' as const) : ('note' as const),
    message: { text: printable(`not examined: ${what}: ${because}`) },
  }));
  return [...results, ...gaps];
}
