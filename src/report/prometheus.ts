import { severities } from '../model/severity.ts';
import type { Report } from '../model/report.ts';
import { certificatesIn } from '../deployment/certificate-uses.ts';
import { type FileUse, usesByFile } from '../deployment/seen-certificates.ts';
import { reportsByCluster } from './clusters.ts';
import { printable } from './escape.ts';
import { summarize } from './summary.ts';
import { groupBy } from '../model/group-by.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Gauges for the textfile collector of node_exporter: when certificates end, what was found, when it ran. */
export function prometheus(report: Report): string {
  const metrics = [...runMetrics(report), notAfter(report), quorumLost(report), handshakes(report)];
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(exposition)
    .join('');
}

function runMetrics(report: Report): readonly Metric[] {
  const { findings, passed, waived, known, unanswered, crashed } = summarize(report);
  const statuses = {
    passed,
    waived: waived.length,
    known: known.length,
    unanswered: unanswered.length,
    crashed: crashed.length,
  };
  return [
    {
      name: 'etcd_tls_audit_last_run_timestamp_seconds',
      help: 'Time of the last run.',
      samples: [{ value: seconds(report.collectedAt) }],
    },
    {
      name: 'etcd_tls_audit_up',
      help: 'Whether the run could examine anything.',
      samples: [{ value: findings.length + waived.length + known.length + passed > 0 ? 1 : 0 }],
    },
    {
      name: 'etcd_tls_audit_passed',
      help: 'Whether the verdict is PASS.',
      samples: [{ value: report.verdict.status === 'pass' ? 1 : 0 }],
    },
    {
      name: 'etcd_tls_audit_findings',
      help: 'Findings that are neither waived nor in the baseline, by severity.',
      samples: reportsByCluster(report).flatMap((part) => {
        const { cluster } = part;
        const counts = summarize(part.report).bySeverity;
        return severities.map((severity) => ({
          labels: { severity, ...(cluster !== undefined && { cluster }) },
          value: counts[severity],
        }));
      }),
    },
    {
      name: 'etcd_tls_audit_results',
      help: 'Results other than new findings, by status.',
      samples: Object.entries(statuses).map(([status, value]) => ({ labels: { status }, value })),
    },
  ];
}

function notAfter(report: Report): Metric {
  const uses = usesByFile(report.facts);
  const samples = (report.facts.files ?? []).flatMap((file) =>
    certificatesIn(file).map(({ subject, serialNumber, notAfter: end }) => ({
      labels: {
        file: file.path,
        subject: subject.text,
        serial: serialNumber,
        role: joined(uses.get(file.path), ({ role }) => role),
        node: joined(uses.get(file.path), ({ owner }) => owner),
      },
      value: seconds(end),
    })),
  );
  return {
    name: 'etcd_tls_certificate_not_after_timestamp_seconds',
    help: 'Expiry time of each certificate.',
    samples: distinct(samples),
  };
}

function quorumLost({ quorumLoss }: Report): Metric {
  return {
    name: 'etcd_tls_quorum_lost_timestamp_seconds',
    help: 'Time at which the cluster loses quorum if no certificate is renewed.',
    samples: quorumLoss === undefined ? [] : [{ value: seconds(quorumLoss.at) }],
  };
}

function handshakes({ forecast }: Report): Metric {
  const byKind = groupBy(forecast, ({ edge, wanted, outcome, cluster }) =>
    JSON.stringify({ edge, wanted, outcome, cluster }),
  );
  const samples = [...byKind.values()].map((edges) => {
    const [{ edge, wanted, outcome, cluster }] = edges;
    const labels = { edge, wanted, outcome, ...(cluster !== undefined && { cluster }) };
    return { labels, value: edges.length };
  });
  return {
    name: 'etcd_tls_handshakes',
    help: 'Predicted handshakes, by kind, expected outcome and predicted outcome.',
    samples,
  };
}

function joined(uses: readonly FileUse[] | undefined, part: (use: FileUse) => string): string {
  return [...new Set((uses ?? []).map(part))].toSorted().join(',');
}

/** A file may hold a certificate twice; a series may not. */
function distinct(samples: readonly Required<Sample>[]): readonly Sample[] {
  const byLabels = groupBy(samples, ({ labels }) => JSON.stringify(labels));
  return [...byLabels.values()].flatMap((same) => {
    const earliest = same.toSorted((one, other) => one.value - other.value)[0];
    return earliest === undefined ? [] : [earliest];
  });
}

function seconds(date: string): number {
  return Math.floor(Date.parse(date) / 1000);
}

function exposition({ name, help, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function escapeLabel(text: string): string {
  return printable(text, 200).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
