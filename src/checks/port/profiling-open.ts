import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { etcdConfiguration } from '../support/references.ts';
import { isSilent, withoutPage } from '../support/unanswered.ts';
import { portNamed } from '../support/subjects.ts';

export const profilingOpen = defineCheck({
  id: 'profiling-open',
  title: 'Go profiler is reachable on a port',
  severity: 'medium',
  decidedBy: 'observation',
  onceRunning: true,
  rationale:
    'Anyone who can connect can make etcd profile itself, which slows it down, and read parts of its ' +
    'memory and its command line. Users and roles of etcd do not protect these pages.',
  remediation:
    'Remove `--enable-pprof` and `--log-level=debug`, and restart the members one at a time.',
  references: [etcdConfiguration],

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
    const { pages, presented, endpoint, serverVersion, goVersion } = subject;
    const page = pages.find(
      ({ path, httpStatus }) => path.startsWith('/debug/pprof') && httpStatus === 200,
    );
    if (page === undefined) return pass;
    // A web server may answer every path; etcd says its release, too.
    if (serverVersion === undefined && goVersion === undefined) {
      return inconclusive(
        `${portNamed(endpoint)} answers ${page.path}, and no page shows that etcd does`,
      );
    }

    return fail({
      message: `${portNamed(endpoint)} answers ${page.path} ${presented === 'nothing' ? 'without a certificate' : `with a ${presented} certificate`}`,
      expected: 'HTTP 404',
      actual: 'HTTP 200',
    });
  },
});
