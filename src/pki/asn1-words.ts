import { DerReader, tag } from './der-reader.ts';

/** encoding/asn1's words for bytes that do not begin with a whole element of this tag. */
export function explainHeader(bytes: Uint8Array, wanted: number, typeName = ''): string {
  const [identifier, length] = bytes;
  if (identifier === undefined) return 'asn1: syntax error: sequence truncated';
  if (length === undefined) return 'asn1: syntax error: truncated tag or length';
  if (identifier !== wanted && length < 0x80)
    return explainTag(identifier, length, wanted, typeName);
  return 'asn1: syntax error: data truncated';
}

/** The number of a tag, as Go prints it. */
function numberOf(identifier: number): number {
  return identifier & 0x1f;
}

function explainTag(identifier: number, length: number, wanted: number, typeName: string): string {
  const isCompound = (identifier & 0x20) !== 0;
  const found = `class:${identifier >> 6} tag:${numberOf(identifier)} length:${length} isCompound:${isCompound}`;
  return `asn1: structure error: tags don't match (${numberOf(wanted)} vs {${found}}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} ${typeName} @2`;
}

/** encoding/asn1's words for a sequence in which a field is missing or of another kind. */
export function explainField(
  fields: DerReader,
  wanted: number = tag.integer,
  typeName = '',
): string {
  if (fields.isEmpty) return 'asn1: syntax error: sequence truncated';
  const next = fields.element();
  if (next === undefined) return 'asn1: syntax error: data truncated';
  return explainTag(next.tag, next.content.length, wanted, typeName);
}

/** The same for bytes of which any element would do, where it turns out not to be the right one. */
export function explainAny(bytes: Uint8Array): string {
  return new DerReader(bytes).element() === undefined
    ? 'asn1: syntax error: data truncated'
    : 'asn1: structure error: bad SAN sequence';
}
