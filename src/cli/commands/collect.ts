import { hostname } from 'node:os';
import { defined } from '../../model/defined.ts';
import { escapeJson } from '../../report/escape.ts';
import { exitCodes } from '../exit-code.ts';
import { writeWhole } from '../write-file.ts';
import { OptionReader } from '../read-options.ts';

/** Writes what is seen on this host, for `check --evidence` to judge elsewhere. Dials nothing. */
export async function collectHost(paths: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const { collectAll } = await import('../../collect/collect.ts');
  const { serializeEvidence } = await import('../../collect/evidence-file.ts');
  const [evidence] = await collectAll({
    paths: paths.length === 0 ? ['.'] : paths,
    maps: [],
    ...defined({ etcdBinary: options.text('etcdBinary') }),
  });
  if (evidence === undefined) return exitCodes.incomplete;

  const text = serializeEvidence({ ...evidence, host: options.text('host') ?? hostname() });
  const output = options.text('output') ?? '-';
  if (output === '-') process.stdout.write(escapeJson(text));
  else await writeWhole(output, text, 'owner');
  return exitCodes.pass;
}
