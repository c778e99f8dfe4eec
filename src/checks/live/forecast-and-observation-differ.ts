import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdSecurity } from '../references.ts';

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

  targets: ({ forecast }) => forecast.filter(({ observed }) => observed !== undefined),

  examine({ outcome, wanted, observed, rule, from, to }) {
    const seen = observed?.outcome;
    if (observed?.differenceMeans === undefined || seen === 'unreachable' || seen === 'unclear') {
      return pass;
    }
    // Somebody let in who should not be, and the reverse, have findings of their own.
    if (
      (wanted === 'refused' && seen === 'accepted') ||
      (wanted === 'accepted' && seen === 'refused')
    ) {
      return pass;
    }

    return fail({
      message: `${from} at ${to}: ${outcome} by the files, ${seen ?? 'unknown'} in fact`,
      expected: `${outcome} (${rule})`,
      actual: `${seen ?? 'unknown'}${observed.error === undefined ? '' : `: ${observed.error}`}`,
      cause: observed.differenceMeans,
    });
  },
});
