import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EtcdBinaries, etcdBinaries } from './etcd-binaries.ts';
import type { Fault } from './faults/index.ts';
import { writePart, writeSentence } from './fidelity-page.ts';
import { inParallel } from './in-parallel.ts';
import { clientFaults, sampleFaults } from './oracles/faults.ts';
import { predict } from './oracles/predict.ts';
import { oracleClients } from './oracles/index.ts';
import { judge } from './oracles/judge.ts';
import type { OracleClient } from './oracles/oracle-client.ts';
import {
  clientsSentence,
  explanationOf,
  oracleRows,
  type OracleResult,
  oraclesPage,
  oracleSummary,
} from './oracles/page.ts';
import { programsOf } from './oracles/programs.ts';
import { record, recorded } from './oracles/trial.ts';
import { applies } from './truth/applies.ts';

const usage = `usage: npm run oracles -- [OPTIONS]

Lets real clients of etcd connect to real etcd with each fault that concerns clients, compares what they do and
print with the forecast, and writes its part of docs/fidelity.md.

  --only NAME,NAME     these clients, else all: ${oracleClients.map(({ name }) => name).join(', ')}
  --faults NAME,NAME   these faults, else all
  --etcd 3.5.30,3.6    these releases of etcd, else 3.6
  --sample             few faults, and clients that need no long build; nothing is written to docs
  --replay             forecast again for what was heard the last time, without starting anything
  --parallel N         so many clusters at a time; 1 unless given
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      faults: { type: 'string' },
      etcd: { type: 'string', default: '3.6' },
      sample: { type: 'boolean', default: false },
      replay: { type: 'boolean', default: false },
      parallel: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const clients = chosenClients(values);
  const { asked, missing } = await programsOf(clients);
  for (const { client, because } of missing) process.stderr.write(`${client}: ${because}\n`);
  const binaries = await Promise.all(
    values.etcd.split(',').map((version) => etcdBinaries(version)),
  );
  const tasks = binaries.flatMap((each) =>
    chosenFaults(values)
      .filter((fault) => applies(fault, each.version))
      .map((fault) => ({ fault, each })),
  );
  const rows = await inParallel(tasks, Number(values.parallel), async ({ fault, each }) => {
    if (!values.replay) await record(fault, each, asked);
    const compared = await compareAll(fault, each, clients);
    compared.forEach(tell);
    return compared;
  });
  const all = rows.flat();
  const isWhole = [values.only, values.faults].every((each) => each === undefined);
  if (isWhole && !values.sample) {
    await writePart(oraclesPage(all, missing));
    await writeFile(join(import.meta.dirname, '..', 'docs', 'oracles.tsv'), oracleRows(all));
    await writeSentence(clientsSentence(all));
  }
  process.stdout.write(`${oracleSummary(all)}\n`);
  const unexplained = all.filter(
    (row) => row.compared.verdict === 'differs' && explanationOf(row) === undefined,
  );
  return all.length === 0 || unexplained.length > 0 ? 1 : 0;
}

function chosenClients({ only, sample }: { only?: string; sample: boolean }) {
  const names = only?.split(',');
  const unknown = names?.find((name) => oracleClients.every((client) => client.name !== name));
  if (unknown !== undefined) throw new Error(`no client is called ${unknown}`);
  if (names !== undefined) return oracleClients.filter(({ name }) => names.includes(name));
  return sample ? oracleClients.filter(({ slow }) => slow !== true) : oracleClients;
}

function chosenFaults({ faults, sample }: { faults?: string; sample: boolean }): readonly Fault[] {
  if (faults === undefined) return sample ? sampleFaults : clientFaults;
  const names = faults.split(',');
  return clientFaults.filter(({ name }) => names.includes(name));
}

/** Everything that was heard with a fault, against what is predicted now. */
async function compareAll(
  fault: Fault,
  binaries: EtcdBinaries,
  clients: readonly OracleClient[],
): Promise<readonly OracleResult[]> {
  const rows: OracleResult[] = [];
  for (const { set, heard } of await recorded(fault, binaries)) {
    for (const each of heard) {
      const client = clients.find(({ name }) => name === each.client);
      if (client === undefined) continue;
      const edges = await predict(client, each, set, binaries);
      rows.push(
        ...each.answers.map((answer) => ({
          client: client.name,
          release: each.program.release,
          source: client.source,
          etcd: binaries.version,
          fault: fault.name,
          compared: judge(client, answer, edges),
        })),
      );
    }
  }
  return rows;
}

function tell({ client, release, etcd, fault, compared }: OracleResult): void {
  const { verdict, about, reasons, to, forecast, real } = compared;
  process.stdout.write(`${verdict} ${client} ${release}, etcd ${etcd}, ${fault}\n`);
  if (verdict === 'equal') return;
  const why = [...about, ...reasons].join(', ');
  process.stdout.write(
    `       ${to} (${why})\n         forecast ${forecast}\n         real     ${real}\n`,
  );
}
