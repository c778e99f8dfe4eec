import { judge, type Judgement, look } from '../audit.ts';
import { catalogue } from '../checks/index.ts';
import type { AuditRequest, LiveOptions } from '../collect/collect.ts';
import { deploymentOf } from '../deployment/deployment.ts';
import { defined } from '../model/defined.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Report } from '../model/report.ts';
import { exitCode } from './exit-code.ts';
import { refuseUseless } from './useless-options.ts';
import { readJudgement } from './judgement.ts';
import { readClient } from './read-client.ts';
import { readOutputs, styleFor, writeOutputs } from './outputs.ts';
import { readText } from './read-input.ts';
import { hostsAmong } from './read-paths.ts';
import type { OptionReader } from './read-options.ts';
import { readStandard } from './standard.ts';

/** How a run looks at the cluster, and what to do once it has looked. */
export interface LiveRun {
  readonly options: LiveOptions;
  readonly looked: () => void;
}

/** Collects or loads evidence, judges it, writes the reports, and says how the process should end. */
export async function runAudit(
  paths: readonly string[],
  options: OptionReader,
  live?: LiveRun,
): Promise<number> {
  // Mistakes in the command line are reported before anything is read.
  const outputs = readOutputs(options);
  const standard = readStandard(options, catalogue);
  const asked = await readJudgement(options);
  refuseUseless(options);
  const request = readRequest(paths, options, live?.options);
  const evidence = await gather(request, asked, options);
  live?.looked();
  if (options.list('replace').length > 0) {
    const { replaceSet } = await import('./what-if.ts');
    // The new set is of the same cluster; where the old files were is nothing to read for it.
    const { clients: _clients, maps: _maps, ...stated } = evidence.stated ?? {};
    return await replaceSet(deploymentOf(evidence, request), { ...request, ...stated }, options);
  }
  const report = judge(evidence, request, asked);
  if (standard === undefined) await writeOutputs(outputs, report, options, paths.map(pathOf));
  else await writeCompliance(report, standard, options);
  return exitCode(report.verdict, { acceptIncomplete: options.flag('acceptIncomplete') });
}

/** Without the name of a host: `node1=/tmp/node1`. */
function pathOf(given: string): string {
  return given.slice(given.indexOf('=') + 1);
}

async function writeCompliance(report: Report, standard: string, options: OptionReader) {
  const { compliance } = await import('../report/compliance.ts');
  process.stdout.write(compliance(report, standard, catalogue, styleFor(undefined, options)));
}

async function gather(
  request: AuditRequest,
  asked: Judgement,
  options: OptionReader,
): Promise<Evidence> {
  const saved = await Promise.all(options.list('evidence').map(load));
  const target = options.text('saveEvidence');
  const evidence = await look({ ...request, evidence: saved }, asked);
  if (target !== undefined) {
    const { serializeEvidence } = await import('../collect/evidence-file.ts');
    const { writeWhole } = await import('./write-file.ts');
    await writeWhole(target, serializeEvidence(evidence), 'owner');
  }
  return evidence;
}

async function load(file: string): Promise<Evidence> {
  const { parseEvidence } = await import('../collect/evidence-file.ts');
  return parseEvidence(await readText(file), file);
}

function readRequest(
  paths: readonly string[],
  options: OptionReader,
  live: LiveOptions | undefined,
): AuditRequest {
  const given = hostsAmong(paths);
  const you = readClient(options, live !== undefined);
  // With `--endpoints` and no paths, no directory is read.
  const isClientAlone = live !== undefined && you?.endpoints !== undefined;
  const isElsewhere =
    options.list('evidence').length > 0 || given.hosts.length > 0 || isClientAlone;
  return {
    paths: given.paths.length === 0 && !isElsewhere ? ['.'] : given.paths,
    hosts: given.hosts,
    maps: options.pairs('map').map(([prefix, directory]) => ({ prefix, directory })),
    resolve: options.addresses('resolve').map(([name, address]) => ({ name, address })),
    ...defined({
      inventoryFile: options.text('inventory'),
      etcdVersion: options.release('etcdVersion'),
      goVersion: options.release('goVersion'),
      etcdBinary: options.text('etcdBinary'),
      at: options.instant('at'),
      you,
      live,
    }),
  };
}
