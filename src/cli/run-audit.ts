import { judge } from '../audit.ts';
import type { AuditRequest, LiveOptions } from '../collect/collect.ts';
import type { Evidence } from '../model/evidence.ts';
import { exitCode } from './exit-code.ts';
import { readJudgement } from './judgement.ts';
import { readOutputs, writeOutputs, writeWhole } from './outputs.ts';
import { readText } from './read-input.ts';
import type { OptionReader } from './read-options.ts';

/** Collects or loads evidence, judges it, writes the reports, and says how the process should end. */
export async function runAudit(
  paths: readonly string[],
  options: OptionReader,
  live?: LiveOptions,
): Promise<number> {
  // Every mistake in the command line is told before anything is looked at.
  const outputs = readOutputs(options);
  const judgement = await readJudgement(options);
  const request = readRequest(paths, options, live);

  const evidence = await gather(request, options);
  const report = judge(evidence, judgement);
  await writeOutputs(outputs, report, options);
  return exitCode(report, {
    failOn: options.severity('failOn') ?? 'high',
    strict: options.flag('strict'),
  });
}

async function gather(request: AuditRequest, options: OptionReader): Promise<Evidence> {
  const saved = options.text('evidence');
  const target = options.text('saveEvidence');
  const evidence = saved === undefined ? await collectFresh(request) : await load(saved);
  if (target !== undefined) {
    const { serializeEvidence } = await import('../collect/evidence-file.ts');
    await writeWhole(target, serializeEvidence(evidence));
  }
  return evidence;
}

async function collectFresh(request: AuditRequest): Promise<Evidence> {
  const { collect } = await import('../collect/collect.ts');
  return await collect(request);
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
  const inventoryFile = options.text('inventory');
  const etcdVersion = options.text('etcdVersion');
  const goVersion = options.text('goVersion');
  const at = options.instant('at');
  return {
    paths: paths.length === 0 ? ['.'] : paths,
    maps: options.pairs('map').map(([prefix, directory]) => ({ prefix, directory })),
    resolve: options.pairs('resolve').map(([name, address]) => ({ name, address })),
    ...(inventoryFile !== undefined && { inventoryFile }),
    ...(etcdVersion !== undefined && { etcdVersion }),
    ...(goVersion !== undefined && { goVersion }),
    ...(at !== undefined && { at }),
    ...(live !== undefined && { live }),
  };
}
