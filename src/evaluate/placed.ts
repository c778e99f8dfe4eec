import type { Certificate } from '../model/certificate.ts';
import type { FileFact } from '../model/files.ts';

/** A certificate in a file. */
export interface Placed {
  readonly path: string;
  readonly certificate: Certificate;
}

/** In file order. */
export function certificatesOf({ path, blocks }: FileFact): readonly Placed[] {
  return blocks.flatMap((block) =>
    block.kind === 'certificate' ? [{ path, certificate: block.certificate }] : [],
  );
}
