import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import { text } from '../../src/report/text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { directoryWith } from '../support/directory.ts';
import { writeSets } from '../support/sets.ts';

const template = 'listeners:\n  - {{ if .x }}--initial-cluster={{ .list }}{{ end }}\n';

test('what the inventory ignores changes nothing, and is listed for those who ask', async () => {
  await using written = await writeSets();
  const set = { paths: [written.fixed], maps: [] };
  await writeFile(`${written.fixed}/template.tpl`, template);
  const before = judge(await look(set));
  await writeFile(`${written.fixed}/etcd-tls.yaml`, 'version: 2\nignore: ["*.tpl"]\n');

  const after = judge(await look(set));

  expect(before.verdict).toMatchObject({ status: 'incomplete' });
  expect(before.verdict.notUnderstood.map(({ path }) => path)).toEqual([
    `${written.fixed}/template.tpl`,
  ]);
  expect(after.verdict).toMatchObject({ status: 'pass', notUnderstood: [] });
  expect(text(after, { ...plainStyle, width: 400, verbose: true })).toContain(
    `${written.fixed}/template.tpl: the inventory ignores *.tpl`,
  );
  expect(text(after)).not.toContain('template.tpl');
});

test('saved evidence ignores what an inventory given later says to ignore', async () => {
  await using written = await writeSets();
  await writeFile(`${written.fixed}/template.tpl`, template);
  const evidence = await look({ paths: [written.fixed], maps: [] });
  await using elsewhere = await directoryWith({ 'rules.yaml': 'version: 2\nignore: ["*.tpl"]\n' });

  const inventoryFile = elsewhere.at('rules.yaml');
  const report = judge(await look({ paths: [], maps: [], evidence: [evidence], inventoryFile }));

  expect(report.verdict).toMatchObject({ status: 'pass', notUnderstood: [] });
  expect(report.facts.ignored?.map(({ pattern }) => pattern)).toEqual(['*.tpl']);
});

test('a file that settings name is missing where it is ignored: nothing of it is part of a pass', async () => {
  await using written = await writeSets();
  await writeFile(`${written.fixed}/etcd-tls.yaml`, 'version: 2\nignore: [node_1_cert.pem]\n');

  const { verdict } = judge(await look({ paths: [written.fixed], maps: [] }));

  expect(verdict.status).not.toBe('pass');
});
