import type { Certificate } from '../model/certificate.ts';
import type { PemTrap } from '../model/files.ts';
import { toLatin1 } from './bytes.ts';
import { currentGo } from './go-release.ts';
import { parseCertificate } from './parse-certificate.ts';
import { readPem } from './pem.ts';

/** The certificates that a person sees in a file in which Go finds no block: whose file it was meant to be. */
export function hiddenCertificates(
  bytes: Uint8Array,
  traps: readonly PemTrap[],
): readonly Certificate[] {
  const kinds = new Set(traps.map(({ kind }) => kind));
  if (kinds.has('der')) return parsed([bytes]);
  if (kinds.has('utf-16')) return inPem(Buffer.from(bytes).toString('latin1').replaceAll('\0', ''));
  return kinds.has('byte-order-mark') || kinds.has('indented') ? inPem(toLatin1(bytes)) : [];
}

/** Without what precedes BEGIN, END and the lines between them. */
function inPem(text: string): readonly Certificate[] {
  const shown = text.replaceAll(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?[ \t]*/gm, '');
  return parsed(readPem(Buffer.from(shown, 'latin1'), currentGo).map((block) => block.bytes));
}

function parsed(all: readonly Uint8Array[]): readonly Certificate[] {
  return all.flatMap((bytes) => {
    const outcome = parseCertificate(bytes);
    return outcome.ok ? [outcome.certificate] : [];
  });
}
