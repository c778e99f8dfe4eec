import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { audit } from '../support/audit-twice.ts';
import type { Report } from '../../src/model/report.ts';
import { directoryWith } from '../support/directory.ts';
import { seenCertificates } from '../../src/deployment/seen-certificates.ts';
import { enumerate } from '../../src/model/words.ts';
import { isMissing } from '../support/missing.ts';
import { configurationLayouts } from './configurations.ts';
import { kubernetesLayouts } from './kubernetes.ts';
import { filesOf } from './plan.ts';
import { podLayouts } from './pods.ts';
import { serviceLayouts } from './services.ts';
import { toolLayouts } from './tools.ts';

interface Row {
  readonly tool: string;
  readonly source: string;
  readonly report: Report;
  /** Paths in the set. */
  readonly files: readonly string[];
}

const rows: Row[] = [];
const planned = [...kubernetesLayouts, ...configurationLayouts, ...serviceLayouts, ...podLayouts];

describe.each(planned)('$tool', ({ tool, source, plan }) => {
  test('is understood as it is written', async () => {
    const files = Object.entries(await filesOf(plan)).filter(([, text]) => text !== '');
    await using set = await directoryWith(Object.fromEntries(files));

    const report = await audit({ paths: [set.path], maps: [] });
    rows.push({ tool, source, report, files: files.map(([path]) => path).toSorted() });

    expect(report.facts.members).toHaveLength(plan.members.length || plan.hosts.length);
  });
});

/** Milliseconds: a tool that is not there yet is built or fetched. */
const timeout = 1_800_000;

describe.each(toolLayouts)('$tool', ({ tool, needs, source, hosts, write }) => {
  test.skipIf(isMissing(needs))('is understood as it writes itself', { timeout }, async () => {
    await using set = await directoryWith({});
    await write(set.path);

    const report = await audit({ paths: [set.path], maps: [] });
    rows.push({ tool, source, report, files: await pathsIn(set.path) });

    expect(report.facts.members).toHaveLength(hosts.length);
  });
});

test('docs/layouts.md is up to date (npm run docs -- test/layouts)', async ({ skip }) => {
  const isWhole = rows.length === planned.length + toolLayouts.length;
  skip(!isWhole, 'NOT COMPARED: without all of the tools some rows are missing');
  await expect(page()).toMatchFileSnapshot('../../docs/layouts.md');
  const readme = await readFile('README.md', 'utf8');
  expect(readme).toContain(`[${rows.length} layouts](docs/layouts.md)`);
});

async function pathsIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)))
    .toSorted();
}

function page(): string {
  const byTools = enumerate(
    toolLayouts.map(({ tool }) => tool),
    20,
  );
  return `# Layouts that are understood

The cert sets of ${rows.length} installers and tools, as they write them, and what \`check\` says of each without any option: the members it
finds, how many certificates have which role, other parties, and the verdict with its findings at or above medium. A name in parentheses is
supposed from a certificate alone. The sets of ${byTools} are
written by the tools themselves when this page is tested; the others follow the published template. \`test/layouts\` makes the sets and
writes this page (\`npm run docs -- test/layouts\`).

| Tool | Members | Roles | Other parties | Verdict | Findings |
| ---- | ------- | ----- | ------------- | ------- | -------- |
${rows.map(lineOf).join('\n')}

## The files of one machine

${rows.map(filesOfFirst).join('\n\n')}
`;
}

function lineOf({ tool, report }: Row): string {
  const { members = [], clients = [] } = report.facts;
  const cells = [
    tool,
    parties(members),
    rolesIn(report),
    parties(clients),
    report.verdict.status.toUpperCase(),
  ];
  return `| ${[...cells, findingsIn(report)].join(' | ')} |`;
}

function parties(list: readonly { readonly name: string; readonly known: string }[]): string {
  return list.map(({ name, known }) => (known === 'settings' ? name : `(${name})`)).join(', ');
}

function rolesIn({ facts }: Report): string {
  const roles = seenCertificates(facts).flatMap(({ uses }) =>
    uses.length === 0 ? [] : [[...new Set(uses.map(({ role }) => role))].toSorted().join(' and ')],
  );
  const names = [...new Set(roles)].toSorted();
  return names.map((name) => `${roles.filter((role) => role === name).length} ${name}`).join(', ');
}

function findingsIn({ results }: Report): string {
  const failed = results.filter(
    ({ check: { severity }, verdict: { status } }) =>
      status === 'fail' && ['critical', 'high', 'medium'].includes(severity),
  );
  return [...new Set(failed.map(({ check: { id, severity } }) => `${severity}: \`${id}\``))].join(
    ', ',
  );
}

/** What the first machine has; easy-rsa also keeps copies by random serial numbers. */
function filesOfFirst({ tool, source, files }: Row): string {
  const [first = ''] = files.filter((path) => path.includes('/')).map((path) => path.split('/')[0]);
  const isOfOthers = (path: string) => /^[^/]*[23]\//.test(path) && !path.startsWith(`${first}/`);
  const listed = files.filter((path) => !path.includes('by_serial') && !isOfOthers(path));
  return `**${tool}** (${source.startsWith('http') ? `<${source}>` : source})

\`\`\`text
${listed.join('\n')}
\`\`\``;
}
