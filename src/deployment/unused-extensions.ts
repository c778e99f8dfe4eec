import type { Certificate } from '../model/certificate.ts';
import { DerReader, contextTag, tag } from '../pki/der-reader.ts';
import type { Extension } from '../pki/extensions.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { isParseFault } from '../pki/malformed.ts';
import { decodedFor } from '../pki/parse-certificate.ts';

/** What etcd does not use of a certificate, and other programs may. */
export interface UnusedExtensions {
  /** Certificate policies, as dotted OIDs. */
  readonly policies: readonly string[];
  /** Where to ask whether it is revoked. */
  readonly ocsp: readonly string[];
  /** Where its issuer's certificate is. */
  readonly issuerUrls: readonly string[];
  /** OIDs of all extensions that are marked critical. */
  readonly critical: readonly string[];
  /** OIDs of the extensions that no field shows. */
  readonly others: readonly string[];
}

const policiesExtension = '2.5.29.32';
const accessExtension = '1.3.6.1.5.5.7.1.1';

/** Key usages, names, constraints and key ids are fields of the certificate. */
const shown = new Set([
  ...['14', '15', '17', '19', '30', '31', '35', '37'].map((arc) => `2.5.29.${arc}`),
  policiesExtension,
  accessExtension,
]);

export function unusedExtensions(certificate: Certificate, go: GoRelease): UnusedExtensions {
  const decoded = decodedFor(certificate, go);
  const extensions = isParseFault(decoded) ? [] : decoded.extensions;
  const access = itemsOf(extensions, accessExtension);
  const urls = (method: string): readonly string[] =>
    access.filter(({ id }) => id === method).flatMap(({ url }) => url ?? []);
  return {
    policies: itemsOf(extensions, policiesExtension).map(({ id }) => id),
    ocsp: urls('1.3.6.1.5.5.7.48.1'),
    issuerUrls: urls('1.3.6.1.5.5.7.48.2'),
    critical: extensions
      .filter(({ isCritical }) => isCritical)
      .map(({ objectIdentifier }) => objectIdentifier),
    others: extensions
      .map(({ objectIdentifier }) => objectIdentifier)
      .filter((id) => !shown.has(id)),
  };
}

interface Item {
  readonly id: string;
  readonly url?: string;
}

/** Both extensions are lists of sequences that begin with an OID; the location of an access method follows it. */
function itemsOf(extensions: readonly Extension[], wanted: string): readonly Item[] {
  const value = extensions.find(({ objectIdentifier }) => objectIdentifier === wanted)?.value;
  const list = new DerReader(value ?? new Uint8Array()).enter(tag.sequence);
  if (list === undefined) return [];
  const items: Item[] = [];
  while (!list.isEmpty) {
    const fields = list.enter(tag.sequence);
    const id = fields?.objectIdentifier();
    if (fields === undefined || id === undefined) break;
    const url = fields.content(contextTag(6));
    items.push({ id, ...(url && { url: Buffer.from(url).toString('latin1') }) });
  }
  return items;
}
