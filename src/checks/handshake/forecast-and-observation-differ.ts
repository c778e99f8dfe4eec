import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Edge, ObservedEdge } from '../../model/forecast.ts';
import { etcdSecurity } from '../support/references.ts';

export const forecastAndObservationDiffer = defineCheck({
  id: 'forecast-and-observation-differ',
  title: 'The running cluster does not behave as its files predict',
  severity: 'medium',
  rationale:
    'The observed outcome differs from what settings and certificates predict. Either the files given are ' +
    'not in use (a process that was not restarted, replaced files, a proxy or address translation), or ' +
    'this tool is wrong.',
  remediation:
    'Compare these files with those on the member, and restart the member if its CA file or settings ' +
    'changed since it started. If both agree, report the difference as a bug of this tool.',
  references: [etcdSecurity],

  decidedBy: 'comparison',
  needs: ['forecast', 'admissions'],

  targets: ({ forecast }) =>
    forecast.flatMap((edge) =>
      edge.observed === undefined ? [] : [{ target: edge.target, edge, observed: edge.observed }],
    ),

  examine({ edge, observed }) {
    const { outcome, differenceMeans, error } = observed;
    if (differenceMeans === undefined || !isReportedHere(edge, outcome)) return pass;

    return fail({
      message: `the connection from ${edge.from} to ${edge.to} is predicted to be ${inWords(edge.outcome)} and was ${inWords(outcome)}`,
      expected: `${inWords(edge.outcome)} (${edge.rule})`,
      actual: error === undefined ? inWords(outcome) : `${inWords(outcome)}: ${error}`,
      cause: differenceMeans,
    });
  },
});

/** Wrongly accepted and wrongly rejected connections have findings of their own. */
function inWords(outcome: Edge['outcome'] | ObservedEdge['outcome']): string {
  return outcome === 'refused' ? 'rejected' : outcome;
}

function isReportedHere({ wanted }: Edge, seen: ObservedEdge['outcome']): boolean {
  if (seen === 'unreachable' || seen === 'unclear') return false;
  return wanted === 'either' || wanted === seen;
}
