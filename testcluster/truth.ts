import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EtcdBinaries, etcdBinaries, releases } from './etcd-binaries.ts';
import { type Fault, faults } from './faults/index.ts';
import { faultsIn } from './faults/more.ts';
import { sample } from './faults/sample.ts';
import { writePart, writeSentence } from './fidelity-page.ts';
import { applies } from './truth/applies.ts';
import { compare } from './truth/compare.ts';
import { blamable } from './truth/blamable.ts';
import { explained, listedDoubts } from './truth/explained.ts';
import { complaints, type Row, summary } from './truth/judge-run.ts';
import {
  fidelityPage,
  fidelityRows,
  readmeSentence,
  type Releases,
  unconfirmedRules,
} from './truth/page.ts';
import { predict } from './truth/predict.ts';
import { isRecorded, record, recording } from './truth/recordings.ts';
import { certificatesIn } from './write-plan.ts';

const usage = `usage: npm run truth -- [OPTIONS]

Starts real etcd with every fault, dials every edge, compares with the forecast, writes docs/fidelity.md.

  --versions 3.4.23,3.6   these releases, else all that can be had
  --only NAME,NAME        these faults, else all; then nothing is written to docs
  --sample                the faults that stand for all: every rule that a run can confirm; nothing is written
  --more FILE             faults from outside the repository, instead of its own; nothing is written
  --replay                forecast again for what was seen the last time, without starting anything
  --parallel N            so many clusters at a time; 2 unless given
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      versions: { type: 'string' },
      only: { type: 'string' },
      sample: { type: 'boolean', default: false },
      more: { type: 'string' },
      replay: { type: 'boolean', default: false },
      parallel: { type: 'string', default: '2' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { binaries, had } = await haveReleases(values.versions?.split(','));
  const chosen = await chooseFaults(values);
  const tasks = binaries.flatMap((each) =>
    chosen
      .filter((fault) => applies(fault, each.version))
      .filter((fault) => !values.replay || isRecorded(fault, each))
      .map((fault) => ({ fault, each })),
  );
  const rows = await inParallel(tasks, Number(values.parallel), async ({ fault, each }) => {
    if (!values.replay) {
      await record(fault, each);
    }
    const row = await foretell(fault, each);
    tell(row);
    return row;
  });
  if (chosen === faults && values.versions === undefined) {
    const replayed = { ...had, replayed: values.replay };
    await writePart(fidelityPage(rows, replayed, explained));
    await writeFile(join(import.meta.dirname, '..', 'docs', 'fidelity.tsv'), fidelityRows(rows));
    await writeSentence(readmeSentence(rows));
  }
  process.stdout.write(`not confirmed by this run: ${unconfirmedRules(rows).join(', ')}\n`);
  process.stdout.write(`${summary(rows)}\n`);
  const wrong = complaints(rows, explained, listedDoubts);
  for (const complaint of wrong) {
    process.stdout.write(`FAILED: ${complaint}\n`);
  }
  return wrong.length > 0 ? 1 : 0;
}

async function chooseFaults({
  sample: isSample,
  only,
  more,
}: {
  readonly sample: boolean;
  readonly only?: string;
  readonly more?: string;
}): Promise<readonly Fault[]> {
  if (more !== undefined) return faultsIn(more);
  const names = isSample ? sample : only?.split(',');
  return names === undefined ? faults : faults.filter(({ name }) => names.includes(name));
}

async function haveReleases(
  wanted: readonly string[] = releases.map(({ version }) => version),
): Promise<{ binaries: readonly EtcdBinaries[]; had: Omit<Releases, 'replayed'> }> {
  const results = await Promise.allSettled(wanted.map((version) => etcdBinaries(version)));
  const binaries = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const missing = results.flatMap((each) =>
    each.status === 'rejected' ? [String(each.reason).replace(/https?:\S+/g, '…')] : [],
  );
  for (const reason of missing) {
    process.stderr.write(`${reason}\n`);
  }
  const had = binaries.map(({ version, goVersion, source }) => ({ version, goVersion, source }));
  return { binaries, had: { had, missing } };
}

async function foretell(fault: Fault, binaries: EtcdBinaries): Promise<Row> {
  const { observations, set } = await recording(fault, binaries);
  const edges = await predict(set, certificatesIn(set), binaries);
  return {
    fault: fault.name,
    what: fault.what,
    version: binaries.version,
    comparisons: compare(edges, observations, { isBlamable: blamable(fault) }),
  };
}

function tell({ fault, version, comparisons }: Row): void {
  const isEqual = comparisons.every(({ verdict }) => verdict !== 'differs');
  process.stdout.write(`${isEqual ? 'ok  ' : 'DIFF'} ${version} ${fault}\n`);
  for (const { edge, about, reasons, forecast, real, rule } of comparisons) {
    if (about.length + reasons.length > 0) {
      const why = [...about, ...reasons].join(', ');
      process.stdout.write(
        `       ${edge} (${why}) ${rule ?? ''}\n         forecast ${forecast}\n         real     ${real}\n`,
      );
    }
  }
}

/** Does several things at a time, and gives the results in their order. */
async function inParallel<Task, Result>(
  tasks: readonly Task[],
  width: number,
  action: (task: Task) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const queue = [...tasks.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, task] = next;
      results.set(index, await action(task));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return [...results.entries()].toSorted(([one], [other]) => one - other).map(([, value]) => value);
}
