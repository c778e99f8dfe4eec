import { parseArgs } from 'node:util';
import { type EtcdBinaries, etcdBinaries } from './etcd-binaries.ts';
import { writePart } from './fidelity-page.ts';
import { isGood, judgeExplain, judgeVerify, livePage, liveSummary } from './live/page.ts';
import { type LiveResult, tryLive } from './live/trial.ts';
import { type LiveFault, liveFaults } from './live-faults/index.ts';
import type { Runtime } from './nodes.ts';
import { canUseDocker } from './runtimes/compose.ts';
import { applies } from './truth/applies.ts';

const { values } = parseArgs({
  options: {
    versions: { type: 'string', default: '3.4.23,3.5.16,3.5.30,3.6' },
    only: { type: 'string' },
    container: { type: 'string', default: '3.5.30' },
    verbose: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',');
const rows: LiveResult[] = [];
const failures: string[] = [];
const asked = liveFaults.filter(({ name }) => only === undefined || only.includes(name));
for (const version of values.versions.split(',')) {
  const binaries = await etcdBinaries(version);
  const chosen = asked.filter(({ since }) =>
    applies({ name: '', what: '', changes: {}, ...(since && { since }) }, binaries.version),
  );
  const queue = [...chosen];
  const worker = async () => {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      await tryAndReport(fault, binaries);
    }
  };
  await Promise.all([worker(), worker()]);
}
await tryInContainers(values.container);
const order = liveFaults.map(({ name }) => name);
rows.sort((one, other) => order.indexOf(one.fault.name) - order.indexOf(other.fault.name));
for (const failure of failures) process.stderr.write(`${failure}\n`);
if (only === undefined && failures.length === 0) {
  await writePart(livePage(rows));
}
process.stdout.write(`${liveSummary(rows)}\n`);
process.exitCode = failures.length === 0 && rows.every(isGood) ? 0 : 1;

/** A sample, one after the other: containers share the addresses of one compose file. */
async function tryInContainers(version: string): Promise<void> {
  const sample = asked.filter(({ inContainers }) => inContainers === true);
  if (sample.length === 0) return;
  if (!(await canUseDocker())) {
    failures.push('there is no Docker here: the sample in containers was NOT tried');
    return;
  }
  const binaries = await etcdBinaries(version);
  for (const fault of sample) await tryAndReport(fault, binaries, 'docker');
}

async function tryAndReport(
  fault: LiveFault,
  binaries: EtcdBinaries,
  runtime?: Runtime,
): Promise<void> {
  try {
    const row = await tryLive(fault, binaries, runtime);
    rows.push(row);
    tell(row);
  } catch (error) {
    const where = runtime === undefined ? '' : ` in ${runtime}`;
    failures.push(`${binaries.version} ${fault.name}${where}: ${String(error)}`);
  }
}

function tell(row: LiveResult): void {
  const [verify, explain] = [judgeVerify(row), judgeExplain(row)];
  const show = ({ named, others }: typeof verify) => [named, ...others].join('+');
  process.stdout.write(
    `${isGood(row) ? 'ok  ' : 'DIFF'} ${row.version} ${row.runtime} ${row.fault.name}: verify ${show(verify)}, explain ${show(explain)}\n`,
  );
  if (isGood(row) && !values.verbose) return;
  for (const { check, severity, target, message, cause } of row.findings) {
    process.stdout.write(`       ${severity} ${check} ${target}: ${message} ${cause ?? ''}\n`);
  }
  for (const { cause, line } of row.explained)
    process.stdout.write(`       ${cause}: ${line.slice(0, 200)}\n`);
}
