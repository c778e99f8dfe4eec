import { DerReader } from './der-reader.ts';
import { parseRevocationList } from './revocation-list.ts';

/** The text of x509.ParseDERCRL, which reads by encoding/asn1 and takes lists of version 1. */
export function findListFault(der: Uint8Array): string | undefined {
  const [identifier, length] = der;
  if (identifier === undefined) return 'asn1: syntax error: sequence truncated';
  if (length === undefined) return 'asn1: syntax error: truncated tag or length';
  if (identifier !== 0x30) return mismatch(identifier, length);
  const outer = new DerReader(der);
  if (outer.element() === undefined) return 'asn1: syntax error: data truncated';
  const { list, error } = parseRevocationList(der, 'DER');
  if (list === undefined) return `asn1: structure error: ${error ?? 'malformed'}`;
  return outer.isEmpty ? undefined : 'x509: trailing data after CRL';
}

/** encoding/asn1's words for an element of the wrong kind at the very beginning. */
function mismatch(identifier: number, length: number): string {
  const isCompound = (identifier & 0x20) !== 0;
  const found = `class:${identifier >> 6} tag:${identifier & 0x1f} length:${length} isCompound:${isCompound}`;
  return `asn1: structure error: tags don't match (16 vs {${found}}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} CertificateList @2`;
}
