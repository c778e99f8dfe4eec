import { type CauseCode, causes } from '../../src/diagnoses/cause.ts';
import type { Result } from '../../src/model/report.ts';

/** A failed check with the cause that it names, where it names one. */
export interface Finding {
  readonly check: string;
  readonly severity: string;
  readonly target: string;
  readonly message: string;
  readonly cause?: CauseCode;
  /** The other causes that it names as possible. */
  readonly alternatives: readonly CauseCode[];
}

/** Findings that are a cause by themselves, without a diagnosis. */
const causesByCheck: Readonly<Record<string, CauseCode>> = {
  'authorities-in-memory-differ-from-file': 'CA-ROT',
  'certificate-expired': 'EXPIRED',
  'certificate-not-yet-valid': 'CLOCK',
  'client-without-rights': 'AUTHZ',
  'clock-skew': 'CLOCK',
  'key-of-another-certificate': 'PEM',
  'advertised-name-not-in-certificate': 'SAN',
  'client-endpoint-not-in-certificate': 'SAN',
  'revoked-certificate-in-use': 'AUTHZ',
  'unknown-authority': 'CA-CLIENT',
  'authority-of-same-name-with-another-key': 'CA-MIX',
};

export function findingsIn(results: readonly Result[]): readonly Finding[] {
  return results.flatMap(({ check, target, verdict }) => {
    if (verdict.status !== 'fail') return [];
    const { message } = verdict;
    const words = verdict.cause ?? '';
    const named = /\[([A-Z-]+)\]/.exec(words)?.[1];
    const cause = isCause(named) ? named : causesByCheck[check.id];
    const others = [...words.matchAll(/^or ([A-Z-]+): /gm)].map(([, code]) => code);
    return [
      {
        check: check.id,
        severity: check.severity,
        target: target.name,
        message,
        alternatives: others.filter(isCause),
        ...(cause !== undefined && { cause }),
      },
    ];
  });
}

function isCause(code: string | undefined): code is CauseCode {
  return code !== undefined && code in causes;
}
