/** A server's bytes break the rules of their protocol, or a bound of ours. Never leaves src/collect. */
export class WireViolation extends Error {
  override readonly name = 'WireViolation';
  readonly code: ViolationCode;

  constructor(code: ViolationCode) {
    super(code);
    this.code = code;
  }
}

export type ViolationCode =
  | 'SHORT_VECTOR'
  | 'RECORD_TOO_LONG'
  | 'RECORD_EMPTY'
  | 'RECORD_TYPE_UNKNOWN'
  | 'RECORD_UNREADABLE'
  | 'MESSAGE_TOO_LONG'
  | 'MESSAGE_UNEXPECTED'
  | 'EXTENSION_TWICE'
  | 'VERSION_NOT_OFFERED'
  | 'SUITE_NOT_OFFERED'
  | 'GROUP_NOT_OFFERED'
  | 'TOO_MANY_BYTES'
  | 'TOO_MANY_RECORDS'
  | 'TOO_MANY_MESSAGES'
  | 'HEADERS_TOO_LONG'
  | 'BODY_TOO_LONG'
  | 'NOT_HTTP'
  | 'NOT_PROTOBUF';
