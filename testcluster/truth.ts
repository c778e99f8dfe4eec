import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EtcdBinaries, etcdBinaries, officialBuilds, releases } from './etcd-binaries.ts';
import { type Fault, faults } from './faults/index.ts';
import { faultsIn } from './faults/more.ts';
import { sample } from './faults/sample.ts';
import { changePage, writePart, writeSentence } from './fidelity-page.ts';
import { inParallel } from './in-parallel.ts';
import { applies } from './truth/applies.ts';
import { compare } from './truth/compare.ts';
import { blamable } from './truth/blamable.ts';
import { explained, listedDoubts } from './truth/explained.ts';
import { complaints, type FaultResult, summary } from './truth/judge-run.ts';
import {
  fidelityPage,
  complaintsAboutRules,
  fidelityRows,
  officialPage,
  readmeSentence,
  type Releases,
  unconfirmedRules,
  withConfirmed,
} from './truth/page.ts';
import { predict } from './truth/predict.ts';
import { isRecorded, record, recording } from './truth/recordings.ts';
import { certificatesIn } from './write-plan.ts';

const usage = `usage: npm run truth -- [OPTIONS]

Starts real etcd with every fault, dials every edge, compares with the forecast, writes docs/fidelity.md.

  --versions 3.4.23,3.6   these releases, else all that can be had
  --only NAME,NAME        these faults, else all; then nothing is written to docs
  --confirm               takes the rules that the run confirms off the list of those that no run has confirmed
  --sample                the faults that stand for all: every rule that a run can confirm; nothing is written
  --official              the same sample on etcd built by the Go releases of the official binaries; writes its part
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
      official: { type: 'boolean', default: false },
      more: { type: 'string' },
      confirm: { type: 'boolean', default: false },
      replay: { type: 'boolean', default: false },
      parallel: { type: 'string', default: '2' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const versions = values.official ? officialBuilds : values.versions?.split(',');
  const { binaries, had } = await haveReleases(versions);
  const chosen = await chooseFaults(values);
  const isWhole = chosen === faults && versions === undefined;
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
    const row = await predictFault(fault, each);
    tell(row);
    return row;
  });
  const replayed = { ...had, replayed: values.replay };
  await writeDocs(rows, replayed, {
    isWhole,
    isOfficial: values.official && values.only === undefined,
    confirms: values.confirm,
  });
  process.stdout.write(`not confirmed by this run: ${unconfirmedRules(rows).join(', ')}\n`);
  process.stdout.write(`${summary(rows)}\n`);
  const wrong = [
    ...complaints(rows, explained, listedDoubts),
    ...(isWhole ? complaintsAboutRules(rows) : []),
  ];
  for (const complaint of wrong) {
    process.stdout.write(`FAILED: ${complaint}\n`);
  }
  return wrong.length > 0 ? 1 : 0;
}

/** A whole run writes everything; one of few faults at most takes rules off a list. */
async function writeDocs(
  rows: readonly FaultResult[],
  releasesHad: Releases,
  run: { readonly isWhole: boolean; readonly isOfficial: boolean; readonly confirms: boolean },
): Promise<void> {
  if (run.isOfficial) {
    await writePart(officialPage(rows, releasesHad, explained));
  } else if (run.isWhole) {
    await writePart(fidelityPage(rows, releasesHad, explained));
    await writeFile(join(import.meta.dirname, '..', 'docs', 'fidelity.tsv'), fidelityRows(rows));
    await writeSentence(readmeSentence(rows));
  } else if (run.confirms) {
    await changePage((page) => withConfirmed(page, rows));
  }
}

async function chooseFaults({
  sample: isSample,
  official,
  only,
  more,
}: {
  readonly sample: boolean;
  readonly official: boolean;
  readonly only?: string;
  readonly more?: string;
}): Promise<readonly Fault[]> {
  if (more !== undefined) return faultsIn(more);
  const names = only?.split(',') ?? (isSample || official ? sample : undefined);
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

async function predictFault(fault: Fault, binaries: EtcdBinaries): Promise<FaultResult> {
  const { observations, set } = await recording(fault, binaries);
  const edges = await predict(set, certificatesIn(set), binaries);
  return {
    fault: fault.name,
    what: fault.what,
    version: binaries.version,
    goVersion: binaries.goVersion,
    comparisons: compare(edges, observations, { isBlamable: blamable(fault) }),
  };
}

function tell({ fault, version, goVersion, comparisons }: FaultResult): void {
  const isEqual = comparisons.every(({ verdict }) => verdict !== 'differs');
  process.stdout.write(`${isEqual ? 'ok  ' : 'DIFF'} ${version} go${goVersion} ${fault}\n`);
  for (const { edge, about, reasons, forecast, real, rule } of comparisons) {
    if (about.length + reasons.length > 0) {
      const why = [...about, ...reasons].join(', ');
      process.stdout.write(
        `       ${edge} (${why}) ${rule ?? ''}\n         forecast ${forecast}\n         real     ${real}\n`,
      );
    }
  }
}
