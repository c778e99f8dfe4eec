import type { Certificate } from '../model/certificate.ts';
import type { FileIndex } from './material.ts';

/**
 * Certificates among the files given that could anchor a chain. What an operator keeps with a
 * cluster's certificates is a private authority, which no operating system trusts by itself.
 */
export function privateAuthorities(files: FileIndex): readonly Certificate[] {
  const seen = new Map<string, Certificate>();
  for (const { blocks } of files.byPath.values()) {
    for (const block of blocks) {
      if (block.kind === 'certificate' && canAnchor(block.certificate)) {
        seen.set(block.certificate.sha256, block.certificate);
      }
    }
  }
  return [...seen.values()];
}

function canAnchor({ basicConstraints, subject, issuer }: Certificate): boolean {
  return basicConstraints?.isCa === true || subject.raw === issuer.raw;
}
