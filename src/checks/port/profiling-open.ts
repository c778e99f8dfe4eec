import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdConfiguration } from '../support/references.ts';
import { isSilent, withoutPage } from '../support/unanswered.ts';

export const profilingOpen = defineCheck({
  id: 'profiling-open',
  title: 'The profiler of Go is open on a port',
  severity: 'medium',
  rationale:
    'Whoever may connect can make etcd profile itself, which slows it down, and read parts of its memory ' +
    'and its command line. No user or role of etcd guards these pages.',
  remediation:
    'Drop `--enable-pprof` and `--log-level=debug`, and restart the members one at a time.',
  references: [etcdConfiguration],
  standards: [],

  needs: ['processes'],

  targets: ({ processes }) => [
    ...withoutPage(
      processes.filter(({ endpoint }) => endpoint.serves === 'client'),
      '/debug/pprof',
    ),
    ...processes.filter(({ pages }) =>
      pages.some(({ path, outcome }) => path.startsWith('/debug/pprof') && outcome === 'answered'),
    ),
  ],

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { pages, presented } = subject;
    const page = pages.find(
      ({ path, httpStatus }) => path.startsWith('/debug/pprof') && httpStatus === 200,
    );
    if (page === undefined) return pass;

    return fail({
      message: `${page.path} is answered ${presented === 'nothing' ? 'to anyone' : `to a ${presented} certificate`}`,
      expected: 'HTTP 404',
      actual: 'HTTP 200',
    });
  },
});
