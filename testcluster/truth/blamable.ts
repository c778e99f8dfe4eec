import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Blame } from '../../src/model/forecast.ts';
import type { Fault } from '../faults/index.ts';

/**
 * Whether a fault can be blamed on something: the fault changed that file, a file that depends on what it
 * changed, or the setting in that line. Independent of the forecast, which knows nothing of faults.
 */
export function blamable(fault: Fault): (blame: Blame) => boolean {
  const { authorities = {}, leaves = {}, files = {}, clients = {} } = fault.changes;
  const signers = Object.keys(authorities);
  const settings = settingsOf(fault);
  const decidesTrust =
    signers.length + settings.length > 0 || Object.keys(files).some((name) => /ca_|crl/.test(name));
  const isChanged = (file: string) =>
    file in files ||
    [...Object.keys(leaves), ...signers].some((stem) => file.startsWith(`${stem}_`)) ||
    // Where trust was changed, the certificate that is no longer trusted may be named.
    (decidesTrust && file.endsWith('_cert.pem'));
  return ({ file, location }) =>
    (file !== undefined && isChanged(basename(file))) ||
    (location !== undefined && settings.some((name) => lineAt(location).includes(name))) ||
    (location !== undefined && Object.keys(clients).length > 0 && !location.file.includes('node'));
}

/** The variables, flags and keys that the fault sets or takes away. */
function settingsOf({ changes }: Fault): readonly string[] {
  const { environment = {}, everywhere = {}, flags = [], configFile } = changes;
  const names = [environment, everywhere].flatMap((each) =>
    typeof each === 'function' ? ['ETCD_'] : Object.keys(each),
  );
  return [
    ...names,
    ...flags.map((flag) => flag.split('=', 1)[0] ?? ''),
    ...(configFile ? [''] : []),
  ];
}

function lineAt({ file, line }: NonNullable<Blame['location']>): string {
  return readFileSync(file, 'utf8').split('\n')[(line ?? 1) - 1] ?? '';
}
