import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Blame } from '../../src/model/forecast.ts';
import type { Fault } from '../faults/index.ts';

/**
 * Whether a fault can be blamed on something: the fault changed that file, a file that depends on what it
 * changed, or the setting in that line. Independent of the forecast, which knows nothing of faults.
 */
export function blamable(fault: Fault): (blame: Blame | undefined) => boolean {
  const { authorities = {}, leaves = {}, files = {}, clients = {} } = fault.changes;
  const signers = Object.keys(authorities);
  const settings = settingsOf(fault);
  const decidesTrust =
    signers.length + settings.length > 0 || Object.keys(files).some((name) => /ca_|crl/.test(name));
  const isChanged = (file: string) =>
    file in files ||
    // A pair that does not fit may be blamed on either half.
    file.replace('_key_insecure', '_cert') in files ||
    [...Object.keys(leaves), ...signers].some((stem) => file.startsWith(`${stem}_`)) ||
    // Where trust was changed, the certificate that is no longer trusted may be named.
    (decidesTrust && file.endsWith('_cert.pem'));
  // What is missing is nowhere: there may be nothing to point at.
  const isMissing = takesAway(fault);
  return (blame) => (blame === undefined ? isMissing : isMissing || isAtFault(blame));

  function isAtFault({ file, location }: Blame): boolean {
    return (
      (file !== undefined && isChanged(basename(file))) ||
      (location !== undefined && settings.some((name) => lineAt(location).includes(name))) ||
      (location !== undefined && Object.keys(clients).length > 0 && !location.file.includes('node'))
    );
  }
}

/** The variables, flags and keys that the fault sets or takes away. */
function settingsOf({ changes }: Fault): readonly string[] {
  const { environment = {}, everywhere = {}, flags = [], configFile, directives = {} } = changes;
  const names = [environment, everywhere].flatMap((each) =>
    typeof each === 'function' ? ['ETCD_'] : Object.keys(each),
  );
  return [
    ...names,
    ...Object.keys(directives),
    ...flags.flatMap((flag) => namesOf(flag.split('=', 1)[0] ?? '')),
    ...(configFile ? [''] : []),
  ];
}

/** A flag, and the variable that says the same. */
function namesOf(flag: string): readonly string[] {
  return [flag, `ETCD_${flag.replace(/^-+/, '').replaceAll('-', '_').toUpperCase()}`];
}

/** Whether the fault is that a setting is not there. */
function takesAway({ changes }: Fault): boolean {
  const { environment = {}, everywhere = {}, clients = {} } = changes;
  return [environment, everywhere, clients.etcdctlFiles ?? {}].some(
    (each) => typeof each !== 'function' && Object.values(each).includes(undefined),
  );
}

function lineAt({ file, line }: NonNullable<Blame['location']>): string {
  return readFileSync(file, 'utf8').split('\n')[(line ?? 1) - 1] ?? '';
}
