import type { Certificate } from '../model/certificate.ts';
import type { Block, FileFact } from '../model/files.ts';
import type { GoRelease } from './go-release.ts';
import { asPrinted, isParseFault, type ParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';
import { readingFor } from './readings.ts';
import { systemError, type SystemFault } from './system-error.ts';

/** The certificates that etcd trusts by a file, or what it prints when it stops over it. */
export type CaPool =
  | { readonly ok: true; readonly certificates: readonly Certificate[] }
  | { readonly ok: false; readonly error: SystemFault | ParseFault };

/**
 * etcd's tlsutil.NewCertPool: every block is parsed as a certificate whatever its type, the first
 * that is none is fatal, and no block at all makes an empty pool.
 */
export function loadCaPool(file: FileFact, go: GoRelease): CaPool {
  if (file.unreadable !== undefined) {
    return { ok: false, error: systemError(file.path, file.unreadable) };
  }
  const certificates: Certificate[] = [];
  for (const block of file.blocks) {
    const certificate = asCertificate(block, go);
    if (isParseFault(certificate)) return { ok: false, error: asPrinted(certificate, go) };
    certificates.push(certificate);
  }
  return { ok: true, certificates };
}

/** What this Go makes of the block: a certificate, or its error. */
export function asCertificate(block: Block, go: GoRelease): Certificate | ParseFault {
  switch (block.kind) {
    case 'certificate': {
      const decoded = decodedFor(block.certificate, go);
      return isParseFault(decoded) ? decoded : block.certificate;
    }
    case 'malformed-certificate': {
      return readingFor(block, go);
    }
    case 'key':
    case 'crl':
    case 'other':
      return { kind: 'x509.unparsable', text: block.asCertificate };
  }
}
