import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../input-error.ts';
import { counted } from '../../model/words.ts';
import { printable } from '../../report/escape.ts';
import { exitCodes } from '../exit-code.ts';
import { writeWhole } from '../write-file.ts';
import { OptionReader } from '../read-options.ts';

/** Writes an inventory from what is found, and says what in it was guessed. */
export async function init(paths: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const output = options.text('output') ?? 'etcd-tls.yaml';
  if (output !== '-' && !options.flag('force')) await refuseExisting(output);

  const { look } = await import('../../audit.ts');
  const { initialInventory } = await import('../../collect/init.ts');
  const { deploymentOf } = await import('../../deployment/deployment.ts');
  const deployment = deploymentOf(
    await look({ paths: paths.length === 0 ? ['.'] : paths, maps: [] }),
  );
  const text = initialInventory(deployment, output === '-' ? '.' : dirname(output));
  if (output === '-') {
    process.stdout.write(text);
    return exitCodes.pass;
  }
  await writeWhole(output, text);
  const { members = [], clients = [] } = deployment.facts;
  process.stdout.write(
    `wrote ${printable(output)}: ${counted(members.length, 'member')}, ${counted(clients.length, 'client')}; comments mark what was guessed\n` +
      `next: etcd-tls-audit check --inventory ${printable(output)} ${printable(paths.join(' '))}\n`,
  );
  return exitCodes.pass;
}

async function refuseExisting(output: string): Promise<void> {
  try {
    await access(output);
  } catch {
    return; // nothing there to lose
  }
  throw new InputError('OPTION_INVALID', `${output} already exists`, {
    hint: 'use --force to overwrite the file, or --output to write to another one',
  });
}
