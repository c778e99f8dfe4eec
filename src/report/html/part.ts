import { openFindings } from '../../model/finding.ts';
import type { Report } from '../../model/report.ts';
import type { ClusterReport } from '../clusters.ts';
import { type Group, groupFindings } from '../group.ts';
import { summarize } from '../summary.ts';
import { matrixOf, type Matrix } from './cells.ts';
import { type Links, linksOf } from './links.ts';
import { type Child, type Markup, markup } from './markup.ts';
import { type Paths, pathsOf } from './paths.ts';
import { trustModel, type TrustModel } from './trust-model.ts';

/** What the page says of one cluster, and how its pieces lead to each other. */
export interface Part {
  readonly cluster?: string;
  readonly report: Report;
  readonly groups: readonly Group[];
  readonly matrix: Matrix;
  readonly trust: TrustModel;
  readonly links: Links;
  readonly paths: Paths;
  /** An id of this part alone. */
  readonly id: (name: string) => string;
  /** A heading, one level lower where the cluster has one of its own. */
  readonly heading: (id: string, title: string) => Markup;
  readonly findingLinks: (id: string) => Child;
}

/** Lays out one cluster; `prefix` keeps its ids apart from those of others. */
export function partOf({ cluster, report }: ClusterReport, prefix: string, all: Report): Part {
  const groups = groupFindings(summarize(report).findings);
  const matrix = matrixOf(
    report.forecast,
    (report.facts.members ?? []).map(({ name }) => name),
    prefix,
  );
  const trust = trustModel(report);
  const findings = groups.flatMap((group) => group.findings);
  const links = linksOf({ report, findings, cells: matrix.explained, trust, prefix });
  return {
    ...(cluster !== undefined && { cluster }),
    report,
    groups,
    matrix,
    trust,
    links,
    paths: pathsOf(all.facts),
    id: (name) => `${prefix}${name}`,
    heading: (id, title) =>
      prefix === ''
        ? markup`<h2 id="${id}">${title}</h2>`
        : markup`<h3 class="part" id="${id}">${title}</h3>`,
    findingLinks: (id) => {
      const found = links.findingsAt(id);
      if (found.length === 0) return undefined;
      return markup`<span class="findings">${found.map((each) => markup`<a href="#${each.id}">${each.words}</a>`)}</span>`;
    },
  };
}

/** Whether anything is wrong in a part. */
export function isTroubled({ report }: Part): boolean {
  return openFindings(report.results).length > 0;
}
