import { parseArgs } from 'node:util';
import {
  type EtcdBinaries,
  etcdBinaries,
  keptBinaries,
  newestOfEachGo,
  officialBuilds,
  releases,
} from './etcd-binaries.ts';
import { type Fault, faults } from './faults/index.ts';
import { faultsIn } from './faults/more.ts';
import { sample } from './faults/sample.ts';
import { changePage } from './fidelity-page.ts';
import { inParallel } from './in-parallel.ts';
import { blamable } from './truth/blamable.ts';
import { compare } from './truth/compare.ts';
import { type Part, writeDocs } from './truth/docs.ts';
import { explained, listedDoubts } from './truth/explained.ts';
import { complaints, type FaultResult, summary } from './truth/judge-run.ts';
import { complaintsAboutRules, unconfirmedRules, withConfirmed } from './truth/page.ts';
import { predict } from './truth/predict.ts';
import { record, recording } from './truth/recordings.ts';
import { recorded, trialsOf } from './truth/trials.ts';
import { certificatesIn } from './write-plan.ts';

const usage = `usage: npm run truth -- [OPTIONS]

Starts real etcd with every fault, dials every edge, compares with the forecast, writes docs/fidelity.md.

  --versions 3.4.23,3.6   these releases, else all that can be had
  --only NAME,NAME        these faults, else all; then nothing is written to docs
  --confirm               takes the rules that the run confirms off the list of those that no run has confirmed
  --sample                the faults that stand for all: every rule that a run can confirm; nothing is written
  --official              the same sample on etcd built by the Go releases of the official binaries; writes its part
  --each-go               all faults on one official build for each minor release of Go; writes its part
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
      'each-go': { type: 'boolean', default: false },
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
  const { binaries, missing } = await haveReleases(
    versionsOf(values),
    values.replay ? keptBinaries : etcdBinaries,
  );
  const chosen = await faultsOf(values);
  const all = binaries.map((each) => trialsOf(each, chosen));
  const { tried, untried } = values.replay ? recorded(all) : { tried: all, untried: [] };
  const tasks = tried.flatMap(({ each, own }) => own.map((fault) => ({ fault, each })));
  const rows = await inParallel(tasks, Number(values.parallel), async ({ fault, each }) => {
    if (!values.replay) {
      await record(fault, each);
    }
    const row = await predictFault(fault, each);
    tell(row);
    return row;
  });
  const part = partOf(values);
  if (part !== undefined) {
    const had = tried.map(({ each }) => each);
    await writeDocs(part, rows, {
      had,
      missing: [...missing, ...untried],
      replayed: values.replay,
    });
  } else if (values.confirm) {
    await changePage((page) => withConfirmed(page, rows));
  }
  process.stdout.write(`not confirmed by this run: ${unconfirmedRules(rows).join(', ')}\n`);
  process.stdout.write(`${summary(rows)}\n`);
  const wrong = [
    ...complaints(rows, explained, listedDoubts),
    ...(part === undefined || part === 'official' ? [] : complaintsAboutRules(rows)),
  ];
  for (const complaint of wrong) {
    process.stdout.write(`FAILED: ${complaint}\n`);
  }
  return wrong.length > 0 ? 1 : 0;
}

interface Choice {
  readonly versions?: string;
  readonly only?: string;
  readonly sample: boolean;
  readonly official: boolean;
  readonly 'each-go': boolean;
  readonly more?: string;
}

/** The part of the page that a run writes; one of few faults or of some releases writes none. */
function partOf({ versions, only, more, ...choice }: Choice): Part | undefined {
  if (only !== undefined || more !== undefined || choice.sample) return undefined;
  if (choice.official) return 'official';
  if (choice['each-go']) return 'each-go';
  return versions === undefined ? 'releases' : undefined;
}

function versionsOf(choice: Choice): readonly string[] {
  if (choice.official) return officialBuilds;
  if (choice['each-go']) return newestOfEachGo;
  return choice.versions?.split(',') ?? releases.map(({ version }) => version);
}

async function faultsOf({ only, more, ...choice }: Choice): Promise<readonly Fault[]> {
  if (more !== undefined) return faultsIn(more);
  const names = only?.split(',') ?? (choice.sample || choice.official ? sample : undefined);
  return names === undefined ? faults : faults.filter(({ name }) => names.includes(name));
}

async function haveReleases(
  wanted: readonly string[],
  have: (version: string) => Promise<EtcdBinaries>,
): Promise<{ binaries: readonly EtcdBinaries[]; missing: readonly string[] }> {
  const results = await Promise.allSettled(wanted.map(have));
  const binaries = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const missing = results.flatMap((each) =>
    each.status === 'rejected' ? [withoutUrls(each.reason)] : [],
  );
  for (const reason of missing) {
    process.stderr.write(`${reason}\n`);
  }
  return { binaries, missing };
}

function withoutUrls(reason: unknown): string {
  const text = reason instanceof Error ? reason.message : String(reason);
  return text.replace(/https?:\S+/g, '…');
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
