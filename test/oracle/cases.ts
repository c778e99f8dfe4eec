import { chainCases, dateCases, signerCases } from './chains.ts';
import { accidents, keyCases, nameCases, parseCases, pemCases } from './encodings.ts';
import { listCases, pairCases } from './files.ts';
import { constraintCases, hostCases, manyConstraints } from './names.ts';
import type { OracleCase } from './oracle-case.ts';

/** The same cases every time. */
export function oracleCases(): readonly OracleCase[] {
  return [
    ...chainCases(),
    ...constraintCases(),
    ...manyConstraints(),
    ...hostCases(),
    ...signerCases(),
    ...dateCases(),
    ...keyCases(),
    ...nameCases(),
    ...parseCases(),
    ...pairCases(),
    ...listCases(),
    ...accidents(),
    ...pemCases(),
  ];
}
