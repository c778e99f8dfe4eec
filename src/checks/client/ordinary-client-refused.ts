import { defineCheck, fail, pass } from '../../model/check.ts';
import type { MemberListObservation } from '../../model/live.ts';
import { servedRefusal } from '../support/served-chain.ts';
import { etcdSecurity } from '../support/references.ts';
import { portNamed } from '../support/subjects.ts';

export const ordinaryClientRefused = defineCheck({
  id: 'ordinary-client-refused',
  title: 'OpenSSL-based client cannot list the members',
  severity: 'medium',
  decidedBy: 'observation',
  rationale:
    'With the same certificate a client with the rules of Go got an answer and a client based on OpenSSL ' +
    '(the etcd3 package for Node) did not. Applications in Node, Python or C will fail where etcdctl ' +
    'works.',
  remediation:
    'Look for what OpenSSL rejects and Go accepts: RSA keys below 2048 bits, a CA file with an ' +
    'intermediate but without its root, SHA-1. Reissue the certificate at fault.',
  references: [etcdSecurity],

  needs: ['memberLists'],
  welcomes: ['endpoints', 'files', 'members', 'clients'],

  targets({ memberLists }) {
    const answered = new Set(
      memberLists
        .filter(isBy('grpc'))
        .filter(hasAnswered)
        .map(({ endpoint }) => endpoint.url),
    );
    return memberLists.filter(isBy('etcd3')).filter(({ endpoint }) => answered.has(endpoint.url));
  },

  examine({ outcome, code, detail, endpoint }, { facts, now }) {
    if (outcome === 'answered') return pass;
    // What Go rejects as well is no matter of the library, and a finding of its own.
    const observed = facts.endpoints?.find((other) => other.endpoint.url === endpoint.url);
    if (observed !== undefined && servedRefusal(observed, facts, now)) return pass;

    return fail({
      message: `the etcd3 client library could not list the members through ${portNamed(endpoint)}`,
      expected: 'the member list',
      actual: [code, detail].filter((part) => part !== undefined).join(': ') || 'no answer',
    });
  },
});

function isBy(library: MemberListObservation['through']) {
  return ({ through }: MemberListObservation): boolean => through === library;
}

function hasAnswered({ outcome }: MemberListObservation): boolean {
  return outcome === 'answered';
}
