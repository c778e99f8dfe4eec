import type { RefusalRule } from '../model/refusal.ts';
import type { GoRelease } from './go-release.ts';

/** Why Go does not parse bytes as a certificate. */
export interface ParseFault {
  readonly kind: Extract<RefusalRule, 'x509.unparsable' | 'x509.unsupported-curve'>;
  /** What this release of Go prints. */
  readonly text: string;
}

/** Distinguishes a fault from what was read. */
export function isParseFault(outcome: object): outcome is ParseFault {
  return 'kind' in outcome && 'text' in outcome;
}

/** What the parser that Go has since 1.17 says of bytes that are no certificate. */
const ofLaterParser =
  /^x509: (?:malformed |unsupported time format|invalid (?:RDNSequence|CRL distribution point|authority |basic constraints |certificate policies|extended key usages|key usage|subject ))/;

/** Until 1.16 Go printed these words, and after them a dump of what encoding/asn1 had expected. */
export function asPrinted(fault: ParseFault, go: GoRelease): ParseFault {
  const isOfLater = go.parser === 'encoding-asn1' && ofLaterParser.test(fault.text);
  return isOfLater ? { ...fault, text: 'asn1:' } : fault;
}

/** Carries Go's parse error up to `parseCertificate`, which makes a value of it. Its stack is never shown. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly kind: ParseFault['kind'];

  constructor(text: string, kind: ParseFault['kind'] = 'x509.unparsable') {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(text);
    Error.stackTraceLimit = stackTraceLimit;
    this.kind = kind;
  }
}

/** Until 1.16 the errors of encoding/asn1 were handed on as they came. */
export function malformed(go: GoRelease, text: string, earlier: () => string): Malformed {
  return new Malformed(go.parser === 'encoding-asn1' ? earlier() : text);
}
