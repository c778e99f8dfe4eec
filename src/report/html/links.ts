import { certificatesIn } from '../../deployment/certificate-uses.ts';
import type { Finding } from '../../model/finding.ts';
import type { Edge } from '../../model/forecast.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Report } from '../../model/report.ts';
import { type MergedFinding, sameFindings } from '../group.ts';
import { type Cell, credentialOf } from './cells.ts';
import { stateOf } from './edge-words.ts';
import type { TrustModel } from './trust-model.ts';

/** A place in the page. */
export interface Anchor {
  readonly id: string;
  readonly words: string;
}

/** What leads where, within what the page says of one cluster. */
export interface Links {
  readonly idOf: (finding: MergedFinding) => string;
  /** From a finding to the cells and certificates that it is about. */
  readonly evidenceOf: (finding: MergedFinding) => readonly Anchor[];
  /** From a cell or a certificate to the findings about it. */
  readonly findingsAt: (id: string) => readonly Anchor[];
}

interface Linked {
  readonly report: Report;
  readonly findings: readonly MergedFinding[];
  readonly cells: readonly Cell[];
  readonly trust: TrustModel;
  /** What every id of this part of the page begins with. */
  readonly prefix: string;
}

const mostOfAKind = 4;

export function linksOf({ report, findings, cells, trust, prefix }: Linked): Links {
  const places = new Map(
    trust.nodes.flatMap(({ id, sha256s, title }) =>
      sha256s.map((sha256) => [sha256, { id: `${prefix}${id}`, words: title }] as const),
    ),
  );
  const entries = findings.map((merged, index) => {
    const id = `${prefix}finding-${index + 1}`;
    const about = aboutOf(merged, report);
    const certificates = distinct([...about.sha256s].flatMap((each) => places.get(each) ?? []));
    const evidence = [
      ...cells.flatMap((cell) => anchorOf(cell, about)).slice(0, mostOfAKind),
      ...certificates.slice(0, mostOfAKind),
    ];
    return { merged, id, words: merged.finding.check.title, evidence };
  });
  const forth = new Map(entries.map((entry) => [entry.merged, entry]));
  const back = groupBy(
    entries.flatMap(({ evidence, id, words }) => evidence.map((to) => ({ to: to.id, id, words }))),
    ({ to }) => to,
  );
  return {
    idOf: (finding) => forth.get(finding)?.id ?? '',
    evidenceOf: (finding) => forth.get(finding)?.evidence ?? [],
    findingsAt: (id) => back.get(id) ?? [],
  };
}

function distinct(anchors: readonly Anchor[]): readonly Anchor[] {
  return [...new Map(anchors.map((each) => [each.id, each])).values()];
}

/** What a finding names, by which connections and certificates are found. */
interface Named {
  readonly sha256s: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

function aboutOf(merged: MergedFinding, { facts: { files = [] } }: Report): Named {
  const findings = sameFindings(merged);
  const about = findings.flatMap(({ verdict }) => verdict.about ?? []);
  const targets = new Set(findings.map(({ target }) => target.name));
  const named = files
    .filter(({ path }) => findings.some((finding) => isAboutFile(finding, path)))
    .flatMap((file) => certificatesIn(file).slice(0, 1));
  return {
    sha256s: new Set([
      ...about.flatMap((each) => (each.kind === 'certificate' ? [each.sha256] : [])),
      ...named.map(({ sha256 }) => sha256),
    ]),
    edges: new Set([
      ...findings.flatMap(({ folded = [] }) => folded),
      ...about.flatMap((each) => (each.kind === 'edge' ? [each.edge] : [])),
    ]),
    targets,
  };
}

function isAboutFile({ target: { kind, name } }: Finding, path: string): boolean {
  return kind === 'file' && name === path;
}

/** The explanation of a cell, where one of its connections goes wrong for what the finding names. */
function anchorOf({ anchor, edges }: Cell, named: Named): readonly Anchor[] {
  const edge = edges.find((each) => isPartOf(each, named));
  if (anchor === undefined || edge === undefined) return [];
  const from = edge.edge === 'intruder' ? credentialOf(edge) : edge.from;
  const port = edge.edge === 'intruder' ? `, ${edge.port} port` : '';
  return [{ id: anchor, words: `${from} → ${edge.member ?? edge.to}${port}` }];
}

function isPartOf(edge: Edge, { sha256s, edges, targets }: Named): boolean {
  if (edges.has(edge.target.name)) return true;
  if (stateOf(edge) !== 'bad') return false;
  if (edge.blame?.sha256 !== undefined && sha256s.has(edge.blame.sha256)) return true;
  return targets.has(edge.edge === 'intruder' ? edge.to : edge.from) && edge.edge !== 'peer';
}
