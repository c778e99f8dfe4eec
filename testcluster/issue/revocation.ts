import { fromPem, toPem } from './der.ts';
import { type HashName, signingKey } from './keys.ts';
import { rewriteRevocationList } from './rewrite.ts';

export interface RevocationOptions {
  readonly thisUpdate?: Date;
  /** A year after `thisUpdate` when absent. */
  readonly nextUpdate?: Date;
  readonly encoding?: 'PEM' | 'DER';
  readonly hash?: HashName;
  /** Makes a list of version 1, which has no extensions and which Go's newer parser refuses. */
  readonly versionOne?: boolean;
}

/** Signs a list of revoked serial numbers (hex) in an authority's name. */
export async function revoke(
  authority: { readonly certificatePem: string; readonly privateKeyPem: string },
  serials: readonly string[],
  options: RevocationOptions = {},
): Promise<string | Uint8Array> {
  await import('reflect-metadata');
  const library = await import('@peculiar/x509');
  const { hash = 'SHA-256', thisUpdate = new Date(Date.now() - 3_600_000) } = options;
  const year = 365 * 86_400_000;
  const issuer = new library.X509Certificate(Uint8Array.from(fromPem(authority.certificatePem)));
  const list = await library.X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate,
    nextUpdate: options.nextUpdate ?? new Date(thisUpdate.getTime() + year),
    entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: thisUpdate })),
    // RFC 5280 wants every list to be numbered, and Go's parser of 1.19 and later reads the number.
    extensions: [new library.Extension('2.5.29.20', false, Uint8Array.of(0x02, 0x01, 0x01))],
    signingAlgorithm: { name: 'ECDSA', hash },
    signingKey: await signingKey(authority.privateKeyPem, hash),
  });
  const signer = { privateKeyPem: authority.privateKeyPem, hash };
  const written = new Uint8Array(list.rawData);
  const der = options.versionOne === true ? rewriteRevocationList(written, signer) : written;
  return options.encoding === 'DER' ? der : toPem('X509 CRL', der);
}
