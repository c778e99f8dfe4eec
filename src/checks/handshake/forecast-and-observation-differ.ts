import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Edge, ObservedEdge } from '../../model/forecast.ts';
import { etcdSecurity } from '../support/references.ts';

export const forecastAndObservationDiffer = defineCheck({
  id: 'forecast-and-observation-differ',
  title: 'The running cluster does something else than its files say',
  severity: 'medium',
  rationale:
    'What was tried came out otherwise than settings and certificates foretell. Either the files given ' +
    'are not those in force (a process that was not restarted, files replaced, a proxy or address ' +
    'translation in between), or this tool is wrong.',
  remediation:
    'Compare the files here with those on the member and restart the member if its CA file or settings ' +
    'changed since it started. If both agree, report the difference as a bug of this tool.',
  references: [etcdSecurity],
  standards: [],

  needs: ['forecast', 'admissions'],

  targets: ({ forecast }) =>
    forecast.flatMap((edge) =>
      edge.observed === undefined ? [] : [{ target: edge.target, edge, observed: edge.observed }],
    ),

  examine({ edge, observed }) {
    const { outcome, differenceMeans, error } = observed;
    if (differenceMeans === undefined || !isToldHere(edge, outcome)) return pass;

    return fail({
      message: `${edge.from} at ${edge.to}: ${edge.outcome} by the files, ${outcome} in fact`,
      expected: `${edge.outcome} (${edge.rule})`,
      actual: error === undefined ? outcome : `${outcome}: ${error}`,
      cause: differenceMeans,
    });
  },
});

/** Somebody let in who should not be, and somebody refused who should be let in, are findings of their own. */
function isToldHere({ wanted }: Edge, seen: ObservedEdge['outcome']): boolean {
  if (seen === 'unreachable' || seen === 'unclear') return false;
  return wanted === 'either' || wanted === seen;
}
