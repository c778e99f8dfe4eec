import type { FileFact } from '../model/files.ts';
import { toLatin1 } from './bytes.ts';
import { explainField, explainHeader } from './asn1-words.ts';
import { DerReader, tag } from './der-reader.ts';
import type { PemBlock } from './pem.ts';
import { parseRevocationList } from './revocation-list.ts';

/** What Go says of a whole file that is read as a revocation list; nothing where it has no complaint. */
export function explainCrl(
  bytes: Uint8Array,
  blocks: readonly PemBlock[],
): NonNullable<FileFact['asRevocationList']> {
  const parseCrl = findListFault(contentForParseCrl(bytes, blocks));
  const parsed = parseRevocationList(bytes, 'DER').error;
  const reading = {
    ...(parseCrl !== undefined && { parseCrl }),
    ...(parsed !== undefined && { parseRevocationList: parsed }),
  };
  const text = JSON.stringify(reading);
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  if (known.size < mostKnown) known.set(text, reading);
  return reading;
}

/** Go says the same of every certificate that is read as a list: of thousands it is kept once. */
const known = new Map<string, NonNullable<FileFact['asRevocationList']>>();
const mostKnown = 64;

const pemStart = '-----BEGIN X509 CRL';

/** x509.ParseCRL looks for PEM only in a file that begins with it. */
function contentForParseCrl(bytes: Uint8Array, [first]: readonly PemBlock[]): Uint8Array {
  const isPem = toLatin1(bytes.subarray(0, pemStart.length)) === pemStart;
  return isPem && first?.type === 'X509 CRL' ? first.bytes : bytes;
}

/** The text of x509.ParseDERCRL, which reads by encoding/asn1 and takes lists of version 1. */
function findListFault(der: Uint8Array): string | undefined {
  const outer = new DerReader(der);
  if (outer.element(tag.sequence) === undefined) {
    return explainHeader(der, tag.sequence, 'CertificateList');
  }
  const fields = new DerReader(der).enter(tag.sequence)?.enter(tag.sequence);
  fields?.optional(tag.integer);
  if (fields?.peek(tag.sequence) === false) {
    return explainField(fields, tag.sequence, 'AlgorithmIdentifier');
  }
  const { list, error } = parseRevocationList(der, 'DER');
  if (list === undefined) return `asn1: structure error: ${error ?? 'malformed'}`;
  return outer.isEmpty ? undefined : 'x509: trailing data after CRL';
}
