import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import { initialInventory } from '../../src/collect/init.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { Report } from '../../src/model/report.ts';
import { isFinding, refusedWords } from '../../src/model/finding.ts';
import { html } from '../../src/report/html/page.ts';
import { markdown } from '../../src/report/markdown.ts';
import { plainStyle } from '../../src/report/style.ts';
import { text } from '../../src/report/text.ts';
import { writeSets } from '../support/sets.ts';

const note =
  'node1 and node1-2 have the same peer URL, https://10.104.100.236:2380 ' +
  '(likewise node2 and node2-2, node3 and node3-2)';

test('two versions of one cluster given together: each finding names the connections that it is about', async () => {
  await using written = await writeSets();
  const { results } = judge(await look({ paths: [written.root], maps: [] }));

  const findings = results.filter(isFinding);
  const untrusted = findings.filter(({ check }) => check.id === 'unknown-authority');
  expect(untrusted.map((finding) => [refusedWords(finding), finding.verdict.cause])).toContainEqual(
    [
      'peer node1-2 -> https://10.104.100.245:2380, peer node2-2 -> https://10.104.100.245:2380 ' +
        'and peer node3-2 -> https://10.104.100.245:2380',
      expect.stringContaining('node1-2 says: tls: failed to verify certificate'),
    ],
  );
  expect(findings.filter(({ check }) => check.id === 'handshake-refused')).toEqual([]);
});

test('each connection that a finding is about is in the forecast, also one that is rejected for it next', async () => {
  await using written = await writeSets();
  const { results, forecast } = judge(await look({ paths: [written.root], maps: [] }));

  const about = results.flatMap(({ verdict }) =>
    verdict.status === 'fail' ? (verdict.about ?? []) : [],
  );
  const edges = about.filter((each) => each.kind === 'edge');
  const known = forecast.map(({ target }) => target.name);
  expect(edges.filter(({ next }) => next)).not.toEqual([]);
  expect(edges.map(({ edge }) => edge).filter((edge) => !known.includes(edge))).toEqual([]);
});

test('two versions of one cluster given together are named near the top', async () => {
  await using written = await writeSets();
  const both = judge(await look({ paths: [written.root], maps: [] }));
  const one = judge(await look({ paths: [written.fixed], maps: [] }));

  const lines = text(both, { ...plainStyle, width: 1000 }).split('\n');
  expect(lines.findIndex((line) => line.startsWith(`Note: ${note}`))).toBeLessThan(6);
  expect(lines.some((line) => line.startsWith(`Note: ${note}`))).toBe(true);
  expect(markdown(both)).toContain('**Note:** node1 and node1-2 have the same peer URL');
  expect(html(both)).toContain('node1 and node1-2 have the same peer URL');
  expect(text(one)).not.toContain('same peer URL');
});

test('a member that is planned after another, and one that the inventory guesses, are not assumed to be sound', async () => {
  await using written = await writeSets();
  const paths = [join(written.seed, 'certs'), join(written.seed, 'node1')];
  const inventory = join(written.root, 'etcd-tls.yaml');
  const given = { paths, maps: [] };
  await writeFile(inventory, initialInventory(deploymentOf(await look(given)), written.root));
  const after = judge(await look(given));
  const guessed = judge(await look({ ...given, inventoryFile: inventory }));

  expect(reasonsOf(after)).toContainEqual(
    expect.stringMatching(
      /^the settings of node2 were not given; settings like those of node1 are assumed; if so: the client port of node2 accepts anonymous/,
    ),
  );
  expect(reasonsOf(guessed)).toContainEqual(
    expect.stringMatching(
      /; settings as etcd-tls.yaml guesses them are assumed; if so: the client port/,
    ),
  );
  for (const report of [after, guessed]) expect(reasonsOf(report).join('')).not.toContain('mutual');
});

function reasonsOf({ results }: Report): readonly string[] {
  return results.flatMap(({ verdict }) =>
    verdict.status === 'inconclusive' ? [verdict.because] : [],
  );
}
