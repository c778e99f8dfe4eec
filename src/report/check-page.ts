import type { CheckMetadata } from '../model/check.ts';
import { groupBy } from '../model/group-by.ts';

/** A check's page in Markdown, for docs/checks, `checks ID`, SARIF help and the HTML report alike. */
export function checkPage(check: CheckMetadata): string {
  return [
    `# ${check.title}`,
    `\`${check.id}\` · ${check.severity}`,
    section('Why it matters', check.rationale),
    section('How to fix it', check.remediation),
    ...(check.standards.length === 0 ? [] : [section('Covers', list(showControls(check)))]),
    section('References', list(check.references)),
  ].join('\n\n');
}

function section(heading: string, body: string): string {
  return `## ${heading}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** One line for each control and title, naming all the releases of the benchmark that number it so. */
export function showControls({ standards }: CheckMetadata): readonly string[] {
  const byControl = groupBy(standards, ({ standard, control, title }) =>
    JSON.stringify([splitRelease(standard).name, control, title]),
  );
  return [...byControl.values()].map((controls) => {
    const [{ control, title, standard }] = controls;
    const releases = controls.map((each) => splitRelease(each.standard).release);
    return `${[splitRelease(standard).name, span(releases), control].filter(Boolean).join(' ')}: ${title}`;
  });
}

function splitRelease(standard: string): { readonly name: string; readonly release: string } {
  const release = /(?<![\d.])\d[\d.]*$/.exec(standard)?.[0] ?? '';
  return { name: standard.slice(0, standard.length - release.length).trim(), release };
}

function span(releases: readonly string[]): string {
  const first = releases[0] ?? '';
  const last = releases.at(-1) ?? '';
  return first === last ? first : `${first} to ${last}`;
}
