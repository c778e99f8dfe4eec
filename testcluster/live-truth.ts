import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { etcdBinaries } from './etcd-binaries.ts';
import { judgeExplain, judgeVerify, livePage, liveSummary } from './live/page.ts';
import { type LiveRow, tryLive } from './live/trial.ts';
import { liveFaults } from './live-faults/index.ts';
import { applies } from './truth/applies.ts';

const { values } = parseArgs({
  options: {
    versions: { type: 'string', default: '3.4.23,3.5.16,3.5.30,3.6' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',');
const rows: LiveRow[] = [];
const failures: string[] = [];
for (const version of values.versions.split(',')) {
  const binaries = await etcdBinaries(version);
  const chosen = liveFaults
    .filter(({ name }) => only === undefined || only.includes(name))
    .filter(({ since }) =>
      applies({ name: '', what: '', changes: {}, ...(since && { since }) }, binaries.version),
    );
  const queue = [...chosen];
  const worker = async () => {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      try {
        const row = await tryLive(fault, binaries);
        rows.push(row);
        tell(row);
      } catch (error) {
        failures.push(`${binaries.version} ${fault.name}: ${String(error)}`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
}
const order = liveFaults.map(({ name }) => name);
rows.sort((one, other) => order.indexOf(one.fault.name) - order.indexOf(other.fault.name));
for (const failure of failures) process.stderr.write(`${failure}\n`);
if (only === undefined && failures.length === 0) {
  await writeFile(join(import.meta.dirname, '..', 'docs', 'fidelity-live.md'), livePage(rows));
}
process.stdout.write(`${liveSummary(rows)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function tell(row: LiveRow): void {
  const [verify, explain] = [judgeVerify(row), judgeExplain(row)];
  const isGood = [verify, explain].every(({ isRight, besides }) => isRight && besides.length === 0);
  const show = ({ named, besides }: typeof verify) => [named, ...besides].join('+');
  process.stdout.write(
    `${isGood ? 'ok  ' : 'DIFF'} ${row.version} ${row.fault.name}: verify ${show(verify)}, explain ${show(explain)}\n`,
  );
  if (isGood && !values.verbose) return;
  for (const { check, severity, target, message, cause } of row.findings) {
    process.stdout.write(`       ${severity} ${check} ${target}: ${message} ${cause ?? ''}\n`);
  }
  for (const { cause, line } of row.told)
    process.stdout.write(`       ${cause}: ${line.slice(0, 200)}\n`);
}
