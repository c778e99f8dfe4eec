import { explainField, explainHeader } from './asn1-words.ts';
import { DerReader, tag } from './der-reader.ts';
import { parseRevocationList } from './revocation-list.ts';

/** The text of x509.ParseDERCRL, which reads by encoding/asn1 and takes lists of version 1. */
export function findListFault(der: Uint8Array): string | undefined {
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
